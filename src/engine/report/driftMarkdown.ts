/** A comparison as Markdown, for a pull request: GitHub's tables, and nothing a file says is taken for markup. */
import type { Drift, DriftColumn, DriftSide, Finding } from '../../protocol';
import { driftMarks, driftVerdict, levelsText, measureNames, sideFacts } from './driftSummary';
import { code, sentence } from './escape';
import { leftOut, minute, paragraph, section, severityMarks, table } from './markdownParts';
import { reportNumbers as numbers } from './numbers';

const { count, figure, share } = numbers;

/** More than that nobody reads; the page and the JSON have everything. */
const SHOWN = { columns: 200, findings: 200, windows: 100 };

export function driftMarkdown(drift: Drift): string {
  const { baseline, current, columns, windows = [], findings, summary, generatedAt, tool } = drift;
  const sections = [
    `# ${summary.drift ? '⚠️' : '✅'} Drift of ${code(current.reference)}`,
    paragraph([driftVerdict(drift, numbers, (name) => code(name))]),
    table(
      ['', 'what', ''],
      [
        ['baseline', ...sideCells(baseline)],
        ['current', ...sideCells(current)],
      ],
    ),
    paragraph([`Compared ${minute(generatedAt)} by mldata ${tool.version}.`]),
    section('Columns', columnTable(columns)),
    section('Schema', schemaList(drift.schema)),
    section('Windows', windowTable(windows)),
    section('Findings', findingList(findings)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function sideCells(side: DriftSide): string[] {
  return [code(side.reference), sideFacts(side, numbers).map(sentence).join(', ')];
}

function columnTable(columns: readonly DriftColumn[]): string {
  if (columns.length === 0) return 'There is no column.';
  const rows = columns.slice(0, SHOWN.columns).map((column) => {
    const { name, type, baselineType, status, decidedBy, value = null, levels, metrics, missing, muted } = column;
    return [
      code(name),
      baselineType === undefined ? type : `${baselineType} → ${type}`,
      `${driftMarks[status]}${muted ? ', muted' : ''}`,
      decidedBy === undefined ? '' : measureNames[decidedBy],
      decidedBy === undefined ? '' : figure(value),
      decidedBy === undefined || levels === undefined ? '' : levelsText(decidedBy, levels, numbers),
      metrics.psi === undefined ? '' : figure(metrics.psi),
      missing === undefined ? '' : `${share(missing.baseline)} → ${share(missing.current)}`,
    ];
  });
  const heads = ['column', 'type', 'drift', 'decided by', '>value', 'low, medium, high', '>PSI', '>missing'];
  return [table(heads, rows), ...leftOut(columns.length - SHOWN.columns, 'more column', '\n')].join('\n');
}

function schemaList({ added, removed, retyped, breaking }: Drift['schema']): string {
  return [
    ...added.map((name) => `- ${code(name)} was added.`),
    ...removed.map((name) => `- ${code(name)} is gone.`),
    ...retyped.map(({ name, baseline, current }) => `- ${code(name)} was ${baseline} and is ${current}.`),
    ...(breaking ? ['- Whoever reads the baseline can no longer read the current side.'] : []),
  ].join('\n');
}

function windowTable(windows: NonNullable<Drift['windows']>): string {
  if (windows.length === 0) return '';
  const rows = windows.slice(0, SHOWN.windows).map(({ from, to, rows: held, summary, columns }) => [
    sentence(from),
    sentence(to),
    count(held),
    `${count(summary.drifted)} of ${count(summary.compared)}`,
    driftMarks[summary.severity],
    columns
      .filter(({ status }) => status === summary.severity && status !== 'none')
      .slice(0, 5)
      .map(({ name }) => code(name))
      .join(', '),
  ]);
  const heads = ['from', 'before', '>rows', '>drifted', 'drift', 'worst'];
  return [table(heads, rows), ...leftOut(windows.length - SHOWN.windows, 'more window', '\n')].join('\n');
}

function findingList(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing was found.';
  const lines = findings.slice(0, SHOWN.findings).map(({ severity, code: name, message, suggestion }) => {
    const advice = suggestion === undefined ? '' : ` ${sentence(suggestion)}`;
    return `- **${severityMarks[severity]}** ${sentence(message)}${advice} (${code(name)})`;
  });
  return [...lines, ...leftOut(findings.length - SHOWN.findings, 'more finding', '- ')].join('\n');
}
