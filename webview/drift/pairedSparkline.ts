/** Both sides of a column in 96 × 24 pixels: the baseline filled, the current side as a line or as bars beside its own. */
import type { DriftBinCounts, DriftColumn, DriftProperty } from '../../src/protocol';

export const WIDTH = 96;
export const HEIGHT = 24;
const MAX_BARS = 12;

type Comparison = Pick<DriftColumn | DriftProperty, 'bins' | 'density'>;

/** What of a column there is to draw: its values, else the property that decided, else the first. */
export function drawnOf(column: DriftColumn): (Comparison & { readonly name: string }) | undefined {
  const { properties = [], decidingProperty } = column;
  const candidates = [column, properties.find(({ name }) => name === decidingProperty), ...properties];
  return candidates.find((each) => each?.density !== undefined || each?.bins !== undefined);
}

export interface PairedPaths {
  readonly baseline: string;
  readonly current: string;
  /** Whether the current side is an outline rather than bars. */
  readonly outlined: boolean;
}

/** Shares of the rows of each side; nothing of a side without rows. */
export function sharesOf(counts: readonly number[]): number[] {
  const all = counts.reduce((sum, each) => sum + each, 0);
  return counts.map((each) => (all === 0 ? 0 : each / all));
}

export function pairedPaths({ density, bins }: Comparison): PairedPaths {
  if (density !== undefined) return outlines(sharesOf(density.baseline), sharesOf(density.current));
  return bins === undefined ? { baseline: '', current: '', outlined: false } : bars(bins);
}

function outlines(baseline: readonly number[], current: readonly number[]): PairedPaths {
  const most = Math.max(...baseline, ...current) || 1;
  const step = WIDTH / Math.max(baseline.length, 1);
  const steps = (shares: readonly number[]): string =>
    shares
      .map((each, at) => `${at === 0 ? 'M0' : ''}${at === 0 ? ' ' : 'V'}${y(each / most)}H${round((at + 1) * step)}`)
      .join('');
  return {
    baseline: baseline.length === 0 ? '' : `${steps(baseline)}V${HEIGHT}H0z`,
    current: current.length === 0 ? '' : steps(current),
    outlined: true,
  };
}

function bars(bins: DriftBinCounts): PairedPaths {
  const sides = [sharesOf(bins.baseline).slice(0, MAX_BARS), sharesOf(bins.current).slice(0, MAX_BARS)] as const;
  const most = Math.max(...sides[0], ...sides[1]) || 1;
  const step = Math.min(16, WIDTH / Math.max(sides[0].length, 1));
  const width = round(step * 0.4);
  const path = (shares: readonly number[], shift: number): string =>
    shares
      .map((each, at) =>
        each === 0 ? '' : `M${round(at * step + shift)} ${HEIGHT}V${y(each / most)}h${width}V${HEIGHT}z`,
      )
      .join('');
  return { baseline: path(sides[0], 0), current: path(sides[1], width), outlined: false };
}

/** What is there can be seen, however little it is. */
function y(height: number): number {
  return round(HEIGHT - (height === 0 ? 0 : Math.max(1, height * (HEIGHT - 1))));
}

const round = (value: number): number => Math.round(value * 100) / 100;
