/** What goes wrong with one column, and what no other would survive. */
import { firstLine } from './duckdb';
import { MldataError } from '../protocol';

/** Throws what no other figure would survive: cancellation, and an engine that gives up. */
export function refuseFatal(error: unknown): void {
  // A platform without the library for images still has all other columns.
  if (error instanceof MldataError && error.code !== 'image-reader-missing') throw error;
  if (/^(FATAL|INTERNAL) Error|database has been invalidated|no space left/i.test(firstLine(error))) throw error;
}
