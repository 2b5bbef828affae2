/**
 * Answers what checks ask of all rows. What is asked for while nothing is read yet, by one check or by many, is answered
 * by one scan, and what is asked for twice is counted once.
 */
import type { Database, Value } from '../duckdb';
import { inBatches } from '../inBatches';

/** So many are one statement. */
const FEW = 150;
/** Of more, one takes so many: planning takes quadratic time, and most are about columns that no other statement reads. */
const AT_ONCE = 50;
/** Before that, each statement names all columns there are: of many, it is worth to ask more at once. */
const COLUMNS_FOR_ONE = 12;
const MOST_AT_ONCE = 400;

interface Question {
  readonly sql: string;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

export class Aggregates {
  private readonly answers = new Map<string, Promise<Value>>();
  private waiting: Question[] = [];
  private reading: Promise<void> | undefined;

  private readonly atOnce: number;

  /**
   * @param relation SQL of the rows
   * @param columns how many they have
   */
  constructor(
    private readonly database: Database,
    private readonly relation: string,
    columns: number,
  ) {
    this.atOnce = Math.min(MOST_AT_ONCE, Math.max(AT_ONCE, Math.ceil(columns / COLUMNS_FOR_ONE)));
  }

  /** @param sql an aggregate over the ids of the columns. Rejects with what is wrong with this one alone. */
  ask(sql: string): Promise<Value> {
    const known = this.answers.get(sql);
    if (known) return known;
    const answer = new Promise<Value>((resolve, reject) => {
      this.waiting.push({ sql, resolve, reject });
    });
    this.answers.set(sql, answer);
    this.reading ??= this.read();
    return answer;
  }

  private async read(): Promise<void> {
    while (this.waiting.length > 0) {
      // Whoever else has something to ask by now does so first.
      await new Promise(setImmediate);
      const asked = this.waiting.splice(0);
      for (const batch of inBatches(asked, asked.length > FEW ? this.atOnce : FEW)) await this.answer(batch);
    }
    this.reading = undefined;
  }

  /** Where one of them cannot be answered, the others are: it is found by halves. */
  private async answer(questions: readonly Question[]): Promise<void> {
    const list = questions.map(({ sql }, index) => `${sql} AS a${index}`).join(', ');
    try {
      const row = await this.database.row(`SELECT ${list} FROM ${this.relation}`);
      for (const [index, { resolve }] of questions.entries()) resolve(row[`a${index}`] ?? null);
    } catch (error) {
      const middle = Math.ceil(questions.length / 2);
      if (questions.length > 1) {
        await this.answer(questions.slice(0, middle));
        await this.answer(questions.slice(middle));
      } else for (const { reject } of questions) reject(error);
    }
  }
}
