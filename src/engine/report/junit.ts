/** What checks found as JUnit XML, which build servers show as tests: a suite for each dataset, a case for each check and gate. */
import type { CheckResult, GateResult, Location, Quality, QualityFinding } from '../../protocol';
import { plain } from './escape';
import { reportNumbers as numbers } from './numbers';
import { gateWords } from './qualitySummary';

export function junitXml(qualities: readonly Quality[]): string {
  const suites = qualities.map(suiteOf);
  const total = (key: keyof Totals): number => suites.reduce((sum, { totals }) => sum + totals[key], 0);
  const totals = {
    tests: total('tests'),
    failures: total('failures'),
    errors: total('errors'),
    skipped: total('skipped'),
  };
  const seconds = qualities.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const root = xml('testsuites', { name: 'mldata', ...totals, time: seconds }, suites.map(({ text }) => text).join(''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

interface Totals {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suiteOf(quality: Quality): { readonly text: string; readonly totals: Totals } {
  const { dataset, checks, gates = [], durationMs, generatedAt } = quality;
  const having = (status: CheckResult['status']): number => checks.filter((check) => check.status === status).length;
  const totals = {
    tests: checks.length + gates.length,
    failures: having('failed') + gates.filter(({ passed }) => !passed).length,
    errors: having('error'),
    skipped: having('skipped'),
  };
  const cases = [...checks.map((check) => checkCase(quality, check)), ...gates.map((gate) => gateCase(dataset, gate))];
  const timestamp = generatedAt.replace(/(?:\.\d+)?Z$/, '');
  const attributes = { name: dataset, ...totals, time: durationMs / 1000, timestamp };
  return { text: xml('testsuite', attributes, cases.join('')), totals };
}

function checkCase(
  { dataset, findings }: Quality,
  { name, status, reason = '', durationMs, errors, warnings }: CheckResult,
) {
  const own = findings.filter(({ check }) => check === name);
  const serious = own.filter(({ severity }) => severity === 'error');
  const others = own.filter(({ severity }) => severity !== 'error');
  const [first] = serious;
  const text = {
    passed: '',
    skipped: xml('skipped', { message: reason }),
    error: xml('error', { message: reason, type: 'check-failed' }, escaped(reason)),
    failed: xml(
      'failure',
      { message: first?.message ?? '', type: first?.code ?? name },
      escaped(
        [
          `Expected: no errors. Actual: ${many(errors, 'error')}, ${many(warnings, 'warning')}.`,
          ...serious.map(described),
        ].join('\n\n'),
      ),
    ),
  }[status];
  const beside = others.length === 0 ? '' : xml('system-out', {}, escaped(others.map(described).join('\n\n')));
  return xml('testcase', { name, classname: `mldata.${dataset}`, time: durationMs / 1000 }, text + beside);
}

function gateCase(dataset: string, gate: GateResult): string {
  const { name, passed } = gate;
  const { expected, actual } = gateWords(gate, numbers);
  const message = `Expected: ${expected}. Actual: ${actual}.`;
  const text = passed ? '' : xml('failure', { message, type: 'gate' }, escaped(message));
  return xml('testcase', { name: `gate ${name}`, classname: `mldata.${dataset}`, time: 0 }, text);
}

function described(finding: QualityFinding): string {
  const { severity, code, message, suggestion, expected, actual, samples = [], locations = [] } = finding;
  return [
    `${severity} ${code}: ${message}`,
    ...(expected === undefined ? [] : [`  Expected: ${expected}`]),
    ...(actual === undefined ? [] : [`  Actual: ${actual}`]),
    ...(samples.length === 0 ? [] : [`  Found: ${samples.map((sample) => JSON.stringify(sample)).join(', ')}`]),
    ...(locations.length === 0 ? [] : [`  Where: ${locations.map(placeText).join(', ')}`]),
    ...(suggestion === undefined ? [] : [`  ${suggestion}`]),
  ].join('\n');
}

function placeText({ file, line, row }: Location): string {
  if (line !== undefined) return `${file}:${line}`;
  return row === undefined ? file : `${file}, row ${row}`;
}

function many(number: number, one: string): string {
  return `${numbers.count(number)} ${one}${number === 1 ? '' : 's'}`;
}

/** An element; numbers are seconds or counts. `content` is escaped already. */
function xml(tag: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const written = Object.entries(attributes).map(([name, value]) => {
    const text = typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : escaped(value);
    return ` ${name}="${text}"`;
  });
  return `<${tag}${written.join('')}${content === '' ? '/>' : `>${content}</${tag}>`}`;
}

/** XML has no way to write most control characters. */
function escaped(text: string): string {
  const lines = text.split('\n').map(plain).join('\n');
  return lines
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}
