/** The time that a query of a DuckDB file may take: its engine is in this process, and knows no limit itself. */
import { cancelled } from '../../protocol';
import { isAboutValues } from '../duckdb';
import { databaseKind } from './address';
import type { DatabaseSource } from './request';
import { troubleWith } from './troubles';

/** Of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

export interface InTime {
  /** Aborted once the time is up, and when the signal of whoever asks is. */
  readonly signal: AbortSignal;
  /** Says that the query has ended. */
  readonly done: () => void;
  /** What to throw for what was thrown meanwhile. */
  readonly told: (error: unknown) => unknown;
}

/** From now on. Of a server's query the server keeps the time. */
export function inTime({ uri, timeoutMs }: DatabaseSource, signal: AbortSignal): InTime {
  const limited = new AbortController();
  const stop = (): void => {
    limited.abort();
  };
  let over = false;
  const end = (): void => {
    over = true;
    stop();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const isOurs = databaseKind(uri) === 'duckdb';
  const timer = isOurs ? setTimeout(end, Math.min(timeoutMs, LONGEST_MS)) : undefined;
  return {
    signal: limited.signal,
    done: () => {
      clearTimeout(timer);
    },
    told: (error) => {
      if (signal.aborted) return cancelled();
      if (over) return troubleWith(new Error(''), { uri, signal }, () => 'timeout');
      return isOurs && isAboutValues(error) ? troubleWith(error, { uri, signal }, () => 'query') : error;
    },
  };
}
