/** What `--json` prints: exactly one document on standard output, also when the command fails. */
import { documentHead, redact, redacted } from '../engine';
import { MldataError, type ErrorReport } from '../protocol';

export function printDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

export function errorReport(error: unknown): ErrorReport {
  const known =
    error instanceof MldataError
      ? redacted(error)
      : new MldataError('buildFailed', 'internal', redact(error instanceof Error ? error.message : String(error)));
  return {
    ...documentHead('mldata/error'),
    error: { ...known.toData(), findings: [...known.findings] },
  };
}
