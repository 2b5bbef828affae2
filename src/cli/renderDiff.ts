/** What is different between two builds, for people. */
import type { Diff, DiffRows } from '../protocol';
import type { Console } from './console';
import { count } from './numbers';
import { shortened, tableLines } from './table';

export function renderDiff(diff: Diff, output: Console): void {
  const { before, after, config, schema, splits, labels, columns, rows } = diff;
  output.line(`${before.reference} (-) and ${after.reference} (+)${diff.same ? ': no differences' : ''}`);
  if (diff.same) return;
  const section = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return;
    output.line(title);
    for (const line of lines) output.line(`  ${line}`);
  };
  section('Config', config.map(configLine));
  section('Columns', [
    ...schema.added.map(({ name, type }) => `+ ${name} ${type}`),
    ...schema.removed.map(({ name, type }) => `- ${name} ${type}`),
    ...schema.retyped.map(({ name, before: was, after: is }) => `  ${name} ${was} → ${is}`),
  ]);
  const otherSplits = splits.filter(({ before: was, after: is }) => was !== is);
  section(
    'Splits',
    otherSplits.map(({ name, before: was, after: is }) => `${name}  ${amount(was)} → ${amount(is)}`),
  );
  const classes = (labels?.values ?? []).filter(({ before: was, after: is }) => was !== is);
  section(
    `Rows per ${labels?.column ?? ''}`,
    classes.map(
      ({ split, value, before: was, after: is }) => `${split}  ${cell(value)}  ${amount(was)} → ${amount(is)}`,
    ),
  );
  section('Figures', table(columns));
  section('Rows', rowLines(rows));
}

function configLine({ path, before, after }: Diff['config'][number]): string {
  const value = (side: unknown) => (side === undefined ? 'not there' : short(JSON.stringify(side)));
  return `${path.join('.')}  ${value(before)} → ${value(after)}`;
}

const why: Readonly<Record<NonNullable<DiffRows['because']>, string>> = {
  'no-key': 'there is no primary key',
  'other-key': 'the builds have different primary keys',
  'missing-key': 'a column of the primary key is not in both builds',
  'repeated-key': 'values of the primary key are missing or stand more than once',
};

function rowLines({ key, because, added, removed, changed, moved, columns, asText, samples }: DiffRows): string[] {
  const by = because === undefined ? `compared by ${key.join(', ')}` : `compared as whole rows: ${why[because]}`;
  return [
    because === undefined
      ? `${amount(added)} added, ${amount(removed)} removed, ${amount(changed)} changed, ${amount(moved)} in another split; ${by}`
      : `${amount(added)} added, ${amount(removed)} removed; ${by}`,
    ...(asText.length > 0
      ? [`compared as text, because the types differ, or one of the formats has no such type: ${asText.join(', ')}`]
      : []),
    ...columns.map(({ name, rows }) => `${name} changed in ${count(rows, 'row')}`),
    ...samples.map(({ how, key: at, values }) => {
      const which = at.map(({ column, value }) => `${column} ${cell(value)}`).join(', ');
      const what = values.map(({ column, before, after }) =>
        how === 'changed'
          ? `${column} ${cell(before)} → ${cell(after)}`
          : `${column} ${cell(how === 'added' ? after : before)}`,
      );
      const sign = how === 'changed' ? '~' : how === 'added' ? '+' : '-';
      return `${sign} ${[which, what.join(', ')].filter((part) => part !== '').join(': ')}`;
    }),
  ];
}

const heads = ['column', 'missing', 'distinct', 'minimum', 'maximum', 'mean'];

/** Columns whose figures changed, each as it was (-) and as it is (+). */
function table(columns: Diff['columns']): string[] {
  const rows = columns.flatMap(({ name, changed, before, after }) => {
    if (!changed) return [];
    const line = (sign: string, side: typeof before) =>
      side
        ? [
            [
              sign,
              name,
              amount(side.missing),
              amount(side.distinct),
              ...[side.minimum, side.maximum].map((text) => short(text ?? '')),
              side.mean === undefined ? '' : side.mean.toLocaleString(undefined, { maximumSignificantDigits: 5 }),
            ],
          ]
        : [];
    return [...line('-', before), ...line('+', after)];
  });
  if (rows.length === 0) return [];
  return tableLines([[' ', ...heads], ...rows]);
}

function amount(value: number | undefined): string {
  return value === undefined ? 'none' : value.toLocaleString();
}

function cell(value: string | null | undefined): string {
  return value === null || value === undefined ? 'missing' : short(value === '' ? '""' : value);
}

const LONGEST = 40;

function short(value: string): string {
  return shortened(value, LONGEST);
}
