/** What checks found as Markdown, for a pull request: GitHub's tables, and nothing a file says is taken for markup. */
import { helpFor } from '../../config';
import type { CheckResult, FindingHelp, GateResult, Location, Quality, QualityFinding } from '../../protocol';
import { code, sentence } from './escape';
import { leftOut, minute, paragraph, section, severityMarks, table } from './markdownParts';
import { reportNumbers as numbers } from './numbers';
import { gateWords, qualityScope, qualityVerdict, statusMarks } from './qualitySummary';

const { count, span } = numbers;

/** More than that nobody reads; the page and the JSON have everything. */
const SHOWN = { findings: 200, samples: 5, places: 5 };

/** @param docs what is said of each code */
export function qualityMarkdown(qualities: readonly Quality[], docs: ReadonlyMap<string, FindingHelp>): string {
  const help = helpFor(
    qualities.flatMap(({ findings }) => findings.slice(0, SHOWN.findings)),
    docs,
  );
  const parts = [...qualities.map(oneDataset), section('What the codes mean', helpList(help))];
  return `${parts.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Ours, in Markdown as it is. */
function helpList(help: Readonly<Record<string, FindingHelp>>): string {
  return Object.entries(help)
    .map(([name, { cause, remedy }]) => `- ${code(name)}: ${cause} ${remedy}`.trim())
    .join('\n');
}

function oneDataset(quality: Quality): string {
  const { dataset, checks, gates = [], findings, generatedAt, tool, of } = quality;
  const what = { build: 'the build', source: 'the sources', files: 'the files' }[of];
  const sections = [
    `# ${quality.passed ? '✅' : '❌'} Validation of ${code(dataset)}`,
    paragraph([qualityVerdict(quality, numbers), ...qualityScope(quality, numbers).map(sentence)]),
    paragraph([`Checked ${what} ${minute(generatedAt)} by mldata ${tool.version}.`]),
    section('Checks', checkTable(checks)),
    section('Gates', gates.length === 0 ? '' : gateTable(gates)),
    section('Findings', findingList(findings)),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function checkTable(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return 'There was nothing to check.';
  return table(
    ['check', 'result', '>errors', '>warnings', '>time', ''],
    checks.map(({ name, status, errors, warnings, durationMs, reason = '' }) => [
      code(name),
      statusMarks[status],
      count(errors),
      count(warnings),
      durationMs < 1000 ? `${count(Math.round(durationMs))} ms` : span(durationMs / 1000),
      sentence(reason),
    ]),
  );
}

function gateTable(gates: readonly GateResult[]): string {
  return table(
    ['gate', 'result', 'expected', 'actual'],
    gates.map((gate) => {
      const { expected, actual } = gateWords(gate, numbers);
      return [code(gate.name), statusMarks[gate.passed ? 'passed' : 'failed'], expected, actual];
    }),
  );
}

function findingList(findings: readonly QualityFinding[]): string {
  if (findings.length === 0) return 'Nothing was found.';
  const lines = findings.slice(0, SHOWN.findings).flatMap((finding) => {
    const { severity, code: name, message, suggestion, expected, actual, samples = [], locations = [] } = finding;
    const advice = suggestion === undefined ? '' : ` ${sentence(suggestion)}`;
    return [
      `- **${severityMarks[severity]}** ${sentence(message)}${advice} (${code(name)})`,
      ...listed('expected', expected === undefined ? [] : [code(expected)], 1),
      ...listed('actual', actual === undefined ? [] : [code(actual)], 1),
      ...listed(
        'found',
        samples.map((sample) => code(sample, 40)),
        SHOWN.samples,
      ),
      ...listed('at', locations.map(placeText), SHOWN.places),
    ];
  });
  return [...lines, ...leftOut(findings.length - SHOWN.findings, 'more finding', '- ')].join('\n');
}

function listed(word: string, items: readonly string[], most: number): string[] {
  if (items.length === 0) return [];
  const more = items.length > most ? ', …' : '';
  return [`  - ${word} ${items.slice(0, most).join(', ')}${more}`];
}

function placeText({ file, line, row }: Location): string {
  if (line !== undefined) return code(`${file}:${line}`);
  return row === undefined ? code(file) : `${code(file)} row ${count(row)}`;
}
