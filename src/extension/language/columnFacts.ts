/** What is known of a column, for a tooltip: from its declaration, and from the profile or else a look at the data. */
import type { MarkdownString } from 'vscode';
import { l10n } from 'vscode';
import { shapeOf, sparkline, type Drift, type LookedColumn, type Profile, type SourceLook } from '../../protocol';
import { CommandId } from '../commandIds';
import type { DatasetName } from '../datasets/validations';
import { count, share } from '../format';
import { columnDrift } from '../views/driftWords';
import { factSheet, withLinks, type Fact } from '../views/tooltips';

export interface ColumnKnowledge {
  readonly name: string;
  /** As declared. */
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly description?: string | undefined;
  readonly profile?: Profile | undefined;
  readonly look?: SourceLook | undefined;
  readonly drift?: Drift | undefined;
}

/** Characters of the histogram. */
const WIDTH = 24;
/** The values that are named. */
const NAMED = 5;

/** @param dataset whose profile and rows can be opened; absent where nothing may run */
export function columnSheet(known: ColumnKnowledge, dataset: DatasetName | undefined): MarkdownString {
  const { name, profile, look } = known;
  const profiled = profile?.columns.find((column) => column.name === name);
  const looked = look?.columns.find((column) => column.name === name);
  const facts: Fact[] = [
    [l10n.t('Type'), known.type ?? profiled?.type ?? looked?.type],
    [l10n.t('Role'), known.role],
  ];
  let from: string | undefined;
  let drawn: readonly number[] = [];
  if (profiled !== undefined && profile !== undefined) {
    const { numeric, temporal } = profiled;
    facts.push(
      [l10n.t('Missing'), missing(profiled.nulls, profile.rows)],
      [l10n.t('Distinct'), `${profiled.distinctExact ? '' : '≈ '}${count(profiled.distinct)}`],
      [l10n.t('Smallest'), numeric?.exact?.min ?? textOf(numeric?.min ?? temporal?.min)],
      [l10n.t('Largest'), numeric?.exact?.max ?? textOf(numeric?.max ?? temporal?.max)],
      [l10n.t('Most frequent'), frequent(profiled.categorical?.top, profile.rows)],
    );
    drawn = shapeOf(profiled);
    from = l10n.t('From the profile of {0}.', new Date(profile.generatedAt).toLocaleString());
  } else if (looked !== undefined && look !== undefined) {
    facts.push(...lookFacts(looked, look));
    drawn = looked.values?.map((value) => value.count) ?? [];
    from = look.partial
      ? l10n.t('From the first {0} rows of the source.', count(look.rows))
      : l10n.t('From all {0} rows of the source.', count(look.rows));
  }
  facts.push([l10n.t('Drift'), known.drift && columnDrift(known.drift, name)]);
  const sheet = factSheet(name, [known.description], facts);
  if (drawn.length > 1) sheet.appendMarkdown(`\n\`${sparkline(drawn, WIDTH)}\`\n`);
  if (from !== undefined) sheet.appendMarkdown('\n').appendText(from).appendMarkdown('\n');
  if (dataset === undefined) return sheet;
  return withLinks(sheet, [
    [l10n.t('Show Profile'), CommandId.showProfile, dataset],
    [l10n.t('Show Data'), CommandId.showData, dataset],
    // Against the baseline that the config names.
    ...(known.drift ? [[l10n.t('Show Drift Report'), CommandId.showDrift, { ...dataset, baseline: '' }] as const] : []),
  ]);
}

function lookFacts({ nulls, distinct, min, max, values }: LookedColumn, { rows, partial }: SourceLook): Fact[] {
  return [
    [l10n.t('Missing'), missing(nulls, rows)],
    [l10n.t('Distinct'), `${partial ? '≥ ' : ''}${count(distinct)}`],
    [l10n.t('Smallest'), min],
    [l10n.t('Largest'), max],
    [l10n.t('Most frequent'), frequent(values, rows)],
  ];
}

function missing(nulls: number, of: number): string {
  return nulls === 0 ? l10n.t('none') : `${count(nulls)} (${share(of === 0 ? 0 : nulls / of)})`;
}

function frequent(values: readonly { value: string; count: number }[] | undefined, of: number): string | undefined {
  return values
    ?.slice(0, NAMED)
    .map(({ value, count: rows }) => `${value} ${share(of === 0 ? 0 : rows / of)}`)
    .join(', ');
}

function textOf(value: number | string | null | undefined): string | undefined {
  if (typeof value === 'number') return value.toLocaleString(undefined, { maximumSignificantDigits: 15 });
  return value ?? undefined;
}
