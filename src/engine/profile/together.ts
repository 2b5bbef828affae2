/**
 * Statements of several columns as one: columns of one kind ask much the same of their own tables, and where rows are few a
 * statement takes longer to prepare and to start than to answer.
 */
import type { Database, Row } from '../duckdb';
import { inBatches } from '../inBatches';
import { MldataError } from '../../protocol';

/** What a column asks of the engine. */
export interface Statements extends Pick<Database, 'row' | 'rows' | 'describe'> {
  readonly run: (sql: string) => Promise<unknown>;
}

interface Asked {
  readonly sql: string;
  readonly answer: (rows: Row[]) => void;
  readonly fail: (error: unknown) => void;
}

/** Characters at the beginning of a statement by which it is told from those that answer otherwise. */
const BEGINNING = 40;
/** Of one statement: the planner's time grows faster than their number. */
const AT_ONCE = 50;
/** Stands beside the columns of an answer. */
const ASKED = '__asked';

/** Gathers what is asked until everybody who asks waits for an answer. */
export class Together {
  private asked = new Map<string, Asked[]>();
  private answering = false;

  constructor(private readonly database: Database) {}

  /**
   * For one column.
   * @param kind figures of the same name have one type in all columns of it
   */
  of(kind: string): Statements {
    const rows = (sql: string) => this.ask(`${kind} ${sql.replace(/\d+/g, '').slice(0, BEGINNING)}`, sql);
    return {
      rows,
      row: async (sql) => {
        const [row] = await rows(sql);
        if (!row) throw new Error('The query returned no row');
        return row;
      },
      run: (sql) => this.ask(sql.startsWith('DROP') ? DROPS : RUNS, sql),
      describe: (query) => this.database.describe(query),
    };
  }

  private ask(key: string, sql: string): Promise<Row[]> {
    return new Promise((answer, fail) => {
      const group = this.asked.get(key) ?? [];
      this.asked.set(key, [...group, { sql, answer, fail }]);
      if (!this.answering) setImmediate(() => void this.answerAll());
      this.answering = true;
    });
  }

  /** What is asked because of an answer is answered in the next round. */
  private async answerAll(): Promise<void> {
    while (this.asked.size > 0) {
      const round = this.asked;
      this.asked = new Map();
      for (const [key, group] of round) {
        for (const batch of inBatches(group, AT_ONCE)) {
          if (key === RUNS || key === DROPS) await this.runAll(batch);
          else await this.answerBatch(batch);
        }
      }
      // Whoever has an answer asks on before the next round.
      await new Promise((resume) => setImmediate(resume));
    }
    this.answering = false;
  }

  private async answerBatch(batch: readonly Asked[]): Promise<void> {
    if (batch.length === 1) return this.oneByOne(batch);
    const parts = batch.map(({ sql }, index) => `SELECT ${index} AS ${ASKED}, * FROM (${sql})`);
    try {
      const answers: Row[][] = batch.map(() => []);
      for (const { [ASKED]: index, ...row } of await this.database.rows(parts.join(' UNION ALL BY NAME ')))
        answers[Number(index)]?.push(row);
      for (const [index, { answer }] of batch.entries()) answer(answers[index] ?? []);
    } catch (error) {
      await this.afterFailure(batch, error);
    }
  }

  private async runAll(batch: readonly Asked[]): Promise<void> {
    try {
      await this.database.run(batch.map(({ sql }) => sql).join('; '));
      for (const { answer } of batch) answer([]);
    } catch (error) {
      await this.afterFailure(batch, error);
    }
  }

  /** What fails for one column does not fail for the others. */
  private async afterFailure(batch: readonly Asked[], error: unknown): Promise<void> {
    if (!(error instanceof MldataError)) return this.oneByOne(batch);
    for (const { fail } of batch) fail(error);
  }

  private async oneByOne(batch: readonly Asked[]): Promise<void> {
    for (const { sql, answer, fail } of batch) await this.database.rows(sql).then(answer, fail);
  }
}

const RUNS = 'run';
const DROPS = 'drop';
