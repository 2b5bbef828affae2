/** Checks of the doctor: all at once, none longer than the others may take. */
import { redact } from '../credentials';
import { MldataError, type DoctorCheck, type DoctorGroup, type DoctorState } from '../../protocol';

export interface Outcome {
  readonly state: DoctorState;
  readonly message: string;
  readonly code?: string;
  readonly suggestion?: string;
}

export interface Check {
  readonly group: DoctorGroup;
  readonly name: string;
  /** What it throws says why it failed. */
  readonly run: (signal: AbortSignal) => Promise<Outcome>;
}

/** In the order of the checks. One that does not stop when its time is over is left behind. Throws when cancelled. */
export async function runChecks(
  checks: readonly Check[],
  limitMs: number,
  signal: AbortSignal,
): Promise<DoctorCheck[]> {
  const over = AbortSignal.timeout(limitMs);
  return Promise.all(
    checks.map(async ({ group, name, run }) => {
      const start = performance.now();
      const { state, message, code, suggestion } = await outcomeOf(run, over, limitMs, signal);
      return {
        ...{ group, name: redact(name), state, message: redact(message) },
        ...(code !== undefined && { code }),
        ...(suggestion !== undefined && { suggestion }),
        durationMs: Math.round(performance.now() - start),
      };
    }),
  );
}

async function outcomeOf(run: Check['run'], over: AbortSignal, limitMs: number, signal: AbortSignal): Promise<Outcome> {
  const both = AbortSignal.any([over, signal]);
  const stopped = new Promise<never>((_, reject) => {
    both.addEventListener('abort', () => reject(new Error('Stopped')), { once: true });
  });
  try {
    return await Promise.race([run(both), stopped]);
  } catch (error) {
    signal.throwIfAborted();
    if (over.aborted) {
      const message = `There was no answer within ${limitMs / 1000} s.`;
      const suggestion = 'Check the network, or try again when it is less busy.';
      return { state: 'failed', message, code: 'no-answer', suggestion };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { state: 'failed', message, ...(error instanceof MldataError && { code: error.code }) };
  }
}
