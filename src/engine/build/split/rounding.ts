/**
 * Controlled rounding: whole rows per class and split, so that every cell and every total is within one of its share.
 *
 * Shares of small classes are fractions (5 rows × 10 % = 0.5); rounding each alone would starve a split. The cells
 * start at their floors; the rows left over in each class go to cells with a fraction, at most one each, and are moved
 * along alternating paths until every split's total lies between floor and ceiling of its share. Such a rounding always
 * exists (Bacharach 1966, "Matrix rounding problems"; Cox 1987, "A constructive procedure for unbiased controlled rounding").
 */

const EPSILON = 1e-9;

/**
 * @param sizes rows per class
 * @param ratios share of each split; they sum to 1
 * @returns rows per class and split. A class of one row goes to the first split that has a share, whatever the totals.
 */
export function controlledRounding(sizes: readonly number[], ratios: readonly number[]): number[][] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const table = new Table(
    sizes,
    ratios,
    ratios.map((ratio) => ratio * total),
  );
  table.distribute();
  table.fillUp();
  return table.cells;
}

class Table {
  readonly cells: number[][];
  /** Whether a cell may take one row more than its floor, and whether it has. */
  private readonly fractional: boolean[][];
  private readonly raised: boolean[][];
  private readonly totals: number[];

  constructor(
    private readonly sizes: readonly number[],
    ratios: readonly number[],
    private readonly targets: readonly number[],
  ) {
    const first = ratios.findIndex((ratio) => ratio > 0);
    this.cells = sizes.map((size) =>
      ratios.map((ratio, split) => (size === 1 ? Number(split === first) : Math.floor(size * ratio + EPSILON))),
    );
    this.fractional = sizes.map((size) => ratios.map((ratio) => size > 1 && fraction(size * ratio) > EPSILON));
    this.raised = sizes.map(() => ratios.map(() => false));
    this.totals = ratios.map((_, split) => this.cells.reduce((sum, row) => sum + (row[split] ?? 0), 0));
  }

  /** Gives each class its left-over rows, to the splits that are furthest from their totals. */
  distribute(): void {
    for (const [row, size] of this.sizes.entries()) {
      const given = this.cells[row]?.reduce((sum, cell) => sum + cell, 0) ?? 0;
      for (let left = size - given; left > 0; left--) {
        const open = this.splits().filter((split) => this.fractional[row]?.[split] && !this.raised[row]?.[split]);
        const [split] = open.sort((a, b) => this.need(b) - this.need(a) || a - b);
        if (split === undefined) throw new RangeError('The shares do not sum to 1');
        this.raise(row, split, 1);
      }
    }
    for (const split of this.splits()) {
      while (
        this.total(split) > Math.ceil(this.target(split) - EPSILON) &&
        this.shift(split, (other) => this.total(other) < Math.ceil(this.target(other) - EPSILON))
      );
    }
  }

  /** Brings every total up to the floor of its share. */
  fillUp(): void {
    for (const split of this.splits()) {
      while (this.total(split) < Math.floor(this.target(split) + EPSILON)) {
        const giver = this.splits().find(
          (other) =>
            this.total(other) > Math.floor(this.target(other) + EPSILON) && this.shift(other, (end) => end === split),
        );
        if (giver === undefined) break;
      }
    }
  }

  /** Moves one row from a split along a path of exchanges to a split that accepts it; false when there is no path. */
  private shift(from: number, accepts: (split: number) => boolean): boolean {
    const cameFrom = new Map<number, { split: number; row: number }>();
    const queue = [from];
    for (let split = queue.shift(); split !== undefined; split = queue.shift()) {
      if (split !== from && accepts(split)) {
        for (let end = split; end !== from;) {
          const step = cameFrom.get(end);
          if (!step) return false;
          this.raise(step.row, step.split, -1);
          this.raise(step.row, end, 1);
          end = step.split;
        }
        return true;
      }
      for (const next of this.splits()) {
        if (next === from || cameFrom.has(next)) continue;
        const row = this.raised.findIndex(
          (flags, index) => flags[split] && this.fractional[index]?.[next] && !flags[next],
        );
        if (row >= 0) {
          cameFrom.set(next, { split, row });
          queue.push(next);
        }
      }
    }
    return false;
  }

  private raise(row: number, split: number, by: 1 | -1): void {
    const cells = this.cells[row];
    const flags = this.raised[row];
    if (!cells || !flags) return;
    cells[split] = (cells[split] ?? 0) + by;
    flags[split] = by === 1;
    this.totals[split] = this.total(split) + by;
  }

  private splits(): number[] {
    return [...this.targets.keys()];
  }

  private total(split: number): number {
    return this.totals[split] ?? 0;
  }

  private target(split: number): number {
    return this.targets[split] ?? 0;
  }

  private need(split: number): number {
    return this.target(split) - this.total(split);
  }
}

function fraction(value: number): number {
  const rest = value - Math.floor(value + EPSILON);
  return rest > 0 ? rest : 0;
}
