/** What a figure above a threshold is. */
import type { Threshold } from '../../config';
import { figure } from '../words';

export interface Exceeded {
  readonly severity: 'error' | 'warning';
  /** The bound that it lies beyond. */
  readonly limit: number;
}

/** The worse of the two bounds that the value lies above; undefined where it lies above none. */
export function exceeded({ warn, error }: Threshold, value: number): Exceeded | undefined {
  if (error !== undefined && value > error) return { severity: 'error', limit: error };
  return warn !== undefined && value > warn ? { severity: 'warning', limit: warn } : undefined;
}

/** The worse of the two bounds that the value comes up to; undefined where it comes up to none. */
export function reached({ warn, error }: Threshold, value: number): Exceeded['severity'] | undefined {
  if (error !== undefined && value >= error) return 'error';
  return warn !== undefined && value >= warn ? 'warning' : undefined;
}

/** The worse of the two bounds that the value lies below; undefined where it lies below none. */
export function fallsBelow({ warn, error }: Threshold, value: number): Exceeded | undefined {
  if (error !== undefined && value < error) return { severity: 'error', limit: error };
  return warn !== undefined && value < warn ? { severity: 'warning', limit: warn } : undefined;
}

/** The worst that these thresholds can come to; undefined where they never come to anything. */
export function worst(...thresholds: readonly Threshold[]): Exceeded['severity'] | undefined {
  if (thresholds.some(({ error }) => error !== undefined)) return 'error';
  return thresholds.some(({ warn }) => warn !== undefined) ? 'warning' : undefined;
}

/** What is asked for and what is there, for screens that show them beside each other. */
export function atMost(limit: number, value: number, words: (value: number) => string = figure) {
  return { expected: `at most ${words(limit)}`, actual: words(value) };
}

export function atLeast(limit: number, value: number, words: (value: number) => string = figure) {
  return { expected: `at least ${words(limit)}`, actual: words(value) };
}
