/** A profile as Markdown, for a pull request: GitHub's tables, and nothing a file says is taken for markup. */
import {
  shapeOf,
  sparkline,
  type AssociationMethod,
  type Finding,
  type Profile,
  type ProfileColumn,
} from '../../protocol';
import { code, sentence } from './escape';
import { distinctText, keyFigures } from './keyFigures';
import { leftOut, minute, paragraph, section, severityMarks, table } from './markdownParts';
import { reportNumbers as numbers } from './numbers';
import { facts, scope, verdict } from './summary';

const { count, figure, share } = numbers;

/** More than that nobody reads; the page and the JSON have everything. */
const SHOWN = { alerts: 100, columns: 200, patterns: 15, pairs: 10, associations: 20, headRows: 10, headColumns: 12 };
const BLOCKS = 10;

export function profileMarkdown(profile: Profile): string {
  const sections = [
    `# Profile of ${code(profile.dataset)}`,
    paragraph([verdict(profile, numbers), ...scope(profile, numbers).map(sentence)]),
    paragraph([origin(profile)]),
    table(
      facts(profile, numbers).map(({ label }) => label),
      [facts(profile, numbers).map(({ text }) => text)],
    ),
    section('Alerts', alerts(profile.alerts)),
    section('Columns', columnTable(profile.columns)),
    section('Target', target(profile)),
    section('Correlations', correlations(profile)),
    section('Missing values', missing(profile)),
    section('Splits', splits(profile)),
    section('First rows', head(profile)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function origin({ files, of, builtAt, generatedAt, tool }: Profile): string {
  const names = files.slice(0, 3).map(({ path }) => code(path));
  const more = files.length > names.length ? ` and ${count(files.length - names.length)} more` : '';
  const what = { build: 'Built files', source: 'Source files', files: 'Files' }[of];
  const when = builtAt === undefined ? '' : `, built ${minute(builtAt)}`;
  return `${what}: ${names.join(', ')}${more}${when}. Profiled ${minute(generatedAt)} by mldata ${tool.version}.`;
}

function alerts(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing stands out.';
  const lines = findings.slice(0, SHOWN.alerts).map(({ severity, code: name, message, suggestion }) => {
    const advice = suggestion === undefined ? '' : ` ${sentence(suggestion)}`;
    return `- **${severityMarks[severity]}** ${sentence(message)}${advice} (${code(name)})`;
  });
  return [...lines, ...leftOut(findings.length - SHOWN.alerts, 'more alert', '- ')].join('\n');
}

function columnTable(columns: readonly ProfileColumn[]): string {
  if (columns.length === 0) return 'There are no columns.';
  const rows = columns.slice(0, SHOWN.columns).map((column) => {
    const { name, type, semantic, role, nulls, nullRatio } = column;
    return [
      code(name) + (role === undefined ? '' : ` (${role})`),
      type === semantic ? type : `${semantic}, ${type}`,
      nulls === 0 ? '0' : `${count(nulls)} (${share(nullRatio)})`,
      distinctText(column, numbers),
      sparkline(shapeOf(column), BLOCKS),
      keyFigures(column, numbers)
        .map(({ label, text, value }) => [label, value === undefined ? '' : code(value, 30), text])
        .map((parts) => parts.filter((part) => part !== '').join(' '))
        .join('; '),
    ];
  });
  const heads = ['column', 'type', '>missing', '>distinct', 'shape', 'figures'];
  return [table(heads, rows), ...leftOut(columns.length - SHOWN.columns, 'more column', '\n')].join('\n');
}

function target({ target: of }: Profile): string {
  if (of === undefined) return '';
  const { column, classes = [], imbalanceRatio, associations } = of;
  const total = classes.reduce((sum, { count: rows }) => sum + rows, 0);
  const parts = [
    `The target is ${code(column)}${typeof imbalanceRatio !== 'number' ? '.' : `; its largest class has ${figure(imbalanceRatio)} times the rows of its smallest.`}`,
    classes.length === 0
      ? ''
      : table(
          ['class', '>rows', '>share'],
          classes
            .slice(0, SHOWN.associations)
            .map(({ value, count: rows }) => [code(value), count(rows), share(total === 0 ? 0 : rows / total)]),
        ),
    associations.length === 0
      ? ''
      : table(
          ['column', 'association with the target', '>value'],
          associations
            .slice(0, SHOWN.associations)
            .map(({ column: other, method, value }) => [code(other), methodWords[method], figure(value)]),
        ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const methodWords: Readonly<Record<AssociationMethod, string>> = {
  pearson: 'Pearson',
  spearman: 'Spearman',
  cramersV: "Cramér's V",
  correlationRatio: 'correlation ratio',
  missing: 'missing together',
};

function correlations({ correlations: all }: Profile): string {
  const rows = all.flatMap(({ method, pairs }) =>
    pairs.slice(0, SHOWN.pairs).map(({ a, b, value }) => [methodWords[method], code(a), code(b), figure(value)]),
  );
  if (rows.length === 0) return '';
  const omitted = Math.max(0, ...all.map(({ omittedColumns }) => omittedColumns));
  const sampled = all.find((each) => each.sampled !== undefined)?.sampled;
  const notes = [
    'The strongest of each kind.',
    omitted > 0 && `${count(omitted)} columns were left out to keep the number of pairs within bounds.`,
    sampled && `≈ of a sample of ${count(sampled.values)} rows of ${count(sampled.of)}.`,
  ].filter((note) => note !== false && note !== undefined);
  return `${notes.join(' ')}\n\n${table(['kind', 'column', 'column', '>value'], rows)}`;
}

function missing({ missing: { cells, patterns, otherPatterns, otherRows }, rows, sample }: Profile): string {
  if (cells === 0) return '';
  const total = sample?.rows ?? rows;
  const lines = patterns.slice(0, SHOWN.patterns).map(({ columns, rows: with_ }) => {
    const names = columns.slice(0, 8).map((name) => code(name, 30));
    const more = columns.length > names.length ? ` and ${count(columns.length - names.length)} more` : '';
    return [names.join(', ') + more, count(with_), share(total === 0 ? 0 : with_ / total)];
  });
  const beyond = patterns.slice(SHOWN.patterns);
  const others = otherPatterns + beyond.length;
  const rest = beyond.reduce((sum, pattern) => sum + pattern.rows, otherRows);
  if (others > 0) lines.push([`${count(others)} other patterns`, count(rest), share(total === 0 ? 0 : rest / total)]);
  return table(['missing together', '>rows', '>share'], lines);
}

function splits({ splits: all = [] }: Profile): string {
  const total = all.reduce((sum, { rows }) => sum + rows, 0);
  if (all.length === 0) return '';
  return table(
    ['split', '>rows', '>share'],
    all.map(({ name, rows }) => [code(name), count(rows), share(total === 0 ? 0 : rows / total)]),
  );
}

function head({ head: rows, columns }: Profile): string {
  if (rows.length === 0) return '';
  const shown = columns.slice(0, SHOWN.headColumns).map(({ name }) => code(name, 30));
  const lines = rows.slice(0, SHOWN.headRows).map((values) =>
    shown.map((_, index) => {
      const value = values[index] ?? null;
      return value === null ? '*missing*' : code(value, 40);
    }),
  );
  return [table(shown, lines), ...leftOut(columns.length - shown.length, 'more column', '\n')].join('\n');
}
