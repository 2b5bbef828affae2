/** A validation as text for a terminal: the verdict, the checks, and what they found. */
import { dirname } from 'node:path';
import { gateWords, numbersFor, qualityScope, qualityVerdict } from '../engine';
import type { CheckResult, Quality } from '../protocol';
import type { Console } from './console';
import { count, duration } from './numbers';
import { renderFindings } from './render';
import { tableLines } from './table';

/** Findings that are shown without `--verbose`; a report has them all. */
const SHOWN = 20;

const words: Readonly<Record<CheckResult['status'], string>> = {
  passed: 'passed',
  failed: 'FAILED',
  skipped: 'skipped',
  error: 'NOT MADE',
};

export function renderQuality(quality: Quality, output: Console): void {
  const numbers = numbersFor();
  output.line(`${quality.dataset}: ${qualityVerdict(quality, numbers)} ${duration(quality.durationMs)}`);
  for (const scope of qualityScope(quality, numbers)) output.note(`  ${scope}`);
  const rows = quality.checks.map(({ name, status, errors, warnings, reason }) => [
    words[status],
    name,
    reason ??
      [errors > 0 && count(errors, 'error'), warnings > 0 && count(warnings, 'warning')].filter(Boolean).join(', '),
  ]);
  for (const line of tableLines(rows)) output.note(`  ${line}`);
  for (const gate of quality.gates ?? []) {
    const { expected, actual } = gateWords(gate, numbers);
    const say = `  ${gate.passed ? 'passed' : 'FAILED'}  gate ${gate.name}: ${expected}, is ${actual}`;
    if (gate.passed) output.note(say);
    else output.line(say);
  }
  const folder = quality.config === undefined ? '.' : dirname(quality.config);
  renderFindings(quality.findings.slice(0, SHOWN), output, folder);
  const more = quality.findings.length - SHOWN;
  if (more > 0) output.note(`  and ${count(more, 'more finding')}; --report FILE has them all`);
}
