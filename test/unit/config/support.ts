/** Reads configs for tests; `«…»` in a text marks the range where a finding is expected and is not part of it. */
import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';
import type { ParsedConfig } from '../../../src/config';
import type { DatasetSpec, Finding, Severity } from '../../../src/protocol';

/** A config whose dataset `a` has `body`, indented, below its source. */
export function dataset(body: string): string {
  return `version: 1\ndatasets:\n  a:\n    source: a.csv\n${body.trim().replace(/^/gm, '    ')}\n`;
}

export function spec(text: string): DatasetSpec {
  const config = parseConfig(text, 'mldata.yaml');
  assert.deepEqual(config.findings, []);
  const [first] = config.datasets;
  assert.ok(first);
  return first;
}

/** `line:column-endLine:endColumn` of a finding. */
export function rangeOf(finding: Finding | undefined): string {
  const [at] = finding?.locations ?? [];
  return `${at?.line}:${at?.column}-${at?.endLine}:${at?.endColumn}`;
}

function marks(text: string): { clean: string; range: string | undefined } {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  const clean = text.replace(/[«»]/g, '');
  if (start < 0) return { clean, range: undefined };
  const place = (offset: number): string => {
    const lines = clean.slice(0, offset).split(/\r\n|\n/);
    return `${lines.length}:${(lines.at(-1) ?? '').replace('\uFEFF', '').length + 1}`;
  };
  return { clean, range: `${place(start)}-${place(end)}` };
}

export interface Expected {
  readonly code: string;
  /** Part of the message. */
  readonly says: string | RegExp;
  readonly suggests?: string;
  readonly severity?: Severity;
}

/** Asserts that the config has exactly one finding, that it says this, and that it stands on the marked range. */
export function findsOne(marked: string, expected: Expected): ParsedConfig {
  const { clean, range } = marks(marked);
  const config = parseConfig(clean, 'dir/mldata.yaml');
  const told = config.findings.map((finding) => `${rangeOf(finding)} ${finding.code}: ${finding.message}`).join('\n');
  const [finding] = config.findings;
  assert.equal(config.findings.length, 1, told);
  assert.ok(finding);
  assert.equal(finding.code, expected.code, told);
  assert.equal(finding.severity, expected.severity ?? 'error');
  if (typeof expected.says === 'string') assert.ok(finding.message.includes(expected.says), told);
  else assert.match(finding.message, expected.says);
  if (expected.suggests !== undefined) assert.ok(finding.suggestion?.includes(expected.suggests), finding.suggestion);
  if (range !== undefined) assert.equal(rangeOf(finding), range, told);
  assert.equal(finding.locations?.[0]?.file, 'dir/mldata.yaml');
  return config;
}
