/**
 * The one error type that crosses boundaries. Anything else that is thrown is a defect and is reported as such. Needs
 * nothing of the schemas, so that a thread that throws it starts without them.
 */
import type { Finding } from './finding';

/** Documented process exit codes; see README, "Exit codes". */
export const ExitCode = {
  ok: 0,
  buildFailed: 1,
  checkFailed: 2,
  config: 3,
  authentication: 4,
  network: 5,
  usage: 64,
  cancelled: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What kind of trouble it is; each kind has one exit code. */
export type ErrorKind = Exclude<keyof typeof ExitCode, 'ok'>;

export interface MldataErrorData {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly findings: readonly Finding[];
}

export class MldataError extends Error {
  override readonly name = 'MldataError';

  constructor(
    readonly kind: ErrorKind,
    /** Stable, kebab-case, e.g. `source-not-found`. */
    readonly code: string,
    message: string,
    readonly findings: readonly Finding[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get exitCode(): ExitCode {
    return ExitCode[this.kind];
  }

  /** Plain data for a process boundary; {@link MldataError.fromData} is the way back. */
  toData(): MldataErrorData {
    return { kind: this.kind, code: this.code, message: this.message, findings: this.findings };
  }

  static fromData(data: MldataErrorData): MldataError {
    return new MldataError(data.kind, data.code, data.message, data.findings);
  }
}

/** The error of an operation its user stopped. */
export function cancelled(): MldataError {
  return new MldataError('cancelled', 'cancelled', 'Cancelled. Nothing was changed.');
}
