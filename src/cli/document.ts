/** What `--json` prints: exactly one document on standard output, also when the command fails. */
import { TOOL } from '../engine';
import { MldataError, type ErrorReport } from '../protocol';

export function printDocument(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

export function errorReport(error: unknown): ErrorReport {
  const known =
    error instanceof MldataError
      ? error
      : new MldataError('buildFailed', 'internal', error instanceof Error ? error.message : String(error));
  return {
    kind: 'mldata/error',
    version: 1,
    generatedAt: new Date().toISOString(),
    tool: TOOL,
    error: { ...known.toData(), findings: [...known.findings] },
  };
}
