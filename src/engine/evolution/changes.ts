/** What changed between two schemas, and for whom that breaks something. */
import { columnChanges } from './columnChanges';
import type { Compatibility, ForeignKey, SchemaChange, SchemaColumn, SchemaEvidence, TableShape } from '../../protocol';

/** What the values of both sides suggest; without it a renamed column is one that is gone and one that is new. */
export interface Suspicions {
  readonly renamed: readonly { readonly before: string; readonly after: string; readonly evidence: SchemaEvidence }[];
  /** Columns, as they are called after, whose values are in another unit. */
  readonly scaled: readonly { readonly column: string; readonly evidence: SchemaEvidence }[];
}

const nothing: Suspicions = { renamed: [], scaled: [] };

/** Most breaking first, then in the order of the columns. */
export function schemaChanges(before: TableShape, after: TableShape, suspicions = nothing): SchemaChange[] {
  const wasOf = new Map(suspicions.renamed.map((pair) => [pair.after, pair]));
  const gone = new Set(suspicions.renamed.map((pair) => pair.before));
  const scaledOf = new Map(suspicions.scaled.map((one) => [one.column, one]));
  const was = new Map(before.columns.map((column) => [column.name, column]));
  const is = new Set(after.columns.map(({ name }) => name));
  const changes: SchemaChange[] = [];
  for (const column of after.columns) {
    const renamed = was.has(column.name) ? undefined : wasOf.get(column.name);
    const earlier = was.get(renamed?.before ?? column.name);
    if (renamed) changes.push(renaming(renamed));
    if (earlier === undefined) changes.push(addition(column, after.primaryKey));
    else changes.push(...columnChanges(earlier, column, keysOf(before, after)));
    const scaled = scaledOf.get(column.name);
    if (scaled) changes.push(scaling(scaled));
  }
  for (const column of before.columns)
    if (!is.has(column.name) && !gone.has(column.name)) changes.push(removal(column));
  changes.push(...orderChange(before, after), ...keyChange(before, after), ...foreignKeyChange(before, after));
  return changes.toSorted((a, b) => rank[b.compatibility] - rank[a.compatibility]);
}

const rank: Readonly<Record<Compatibility, number>> = {
  compatible: 0,
  'backward-breaking': 1,
  'forward-breaking': 2,
  breaking: 3,
};

/** What all changes together come to. */
export function compatibilityOf(changes: readonly Pick<SchemaChange, 'compatibility'>[]): Compatibility {
  const found = new Set(changes.map(({ compatibility }) => compatibility));
  if (found.has('breaking') || (found.has('backward-breaking') && found.has('forward-breaking'))) return 'breaking';
  return found.has('forward-breaking')
    ? 'forward-breaking'
    : found.has('backward-breaking')
      ? 'backward-breaking'
      : 'compatible';
}

function keysOf(before: TableShape, after: TableShape) {
  return { before: before.primaryKey, after: after.primaryKey };
}

/** How a column is told of where it is there or gone. */
function described({ type, physicalType }: SchemaColumn): string {
  return physicalType === undefined ? type : `${type} (${physicalType})`;
}

function addition(column: SchemaColumn, primaryKey: readonly string[]): SchemaChange {
  const { name } = column;
  const isRequired = column.required === true || primaryKey.includes(name);
  return {
    kind: 'added',
    column: name,
    after: described(column),
    compatibility: isRequired ? 'backward-breaking' : 'compatible',
    why: isRequired
      ? `${name} is new and may not be missing: data from before, which does not have it, no longer fits.`
      : `${name} is new: what is made for the data before does not look at it, and in data from before it is missing.`,
  };
}

function removal(column: SchemaColumn): SchemaChange {
  return {
    kind: 'removed',
    column: column.name,
    before: described(column),
    compatibility: 'forward-breaking',
    why: `${column.name} is gone: what is made for the data before no longer finds it.`,
  };
}

function renaming({ before, after, evidence }: Suspicions['renamed'][number]): SchemaChange {
  return {
    kind: 'renamed',
    column: after,
    before,
    after,
    compatibility: 'breaking',
    why: `${before} seems to be called ${after} now, ${reasonOf(evidence)}: by the one name only the data before is found, by the other only the data after.`,
    suspected: true,
    evidence,
  };
}

function reasonOf({ sharedValues, quantileDistance, sameName, samePlace }: SchemaEvidence): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const reasons = [
    sharedValues !== undefined && sharedValues > 0 && `${percent(sharedValues)} of their values are the same`,
    quantileDistance !== undefined && `their quantiles are within ${percent(Math.max(0.01, quantileDistance))}`,
    sameName && 'the names are alike',
    samePlace && 'they stand in the same place',
  ].filter((reason) => reason !== false && reason !== undefined);
  return `as ${reasons.join(', ')}`;
}

function scaling({ column, evidence }: Suspicions['scaled'][number]): SchemaChange {
  const { factor = 1, unit } = evidence;
  const times = factor >= 1 ? `${numberText(factor)} times` : `1/${numberText(1 / factor)} of`;
  return {
    kind: 'scale',
    column,
    before: 1,
    after: factor,
    compatibility: 'breaking',
    why: `The values of ${column} seem to be in another unit: they are ${times} what they were${unit === undefined ? '' : `, as from ${unit}`}. What is made for the one takes the other for wrong values.`,
    suspected: true,
    evidence,
  };
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Of the columns that both have. */
function orderChange(before: TableShape, after: TableShape): SchemaChange[] {
  const names = (shape: TableShape, other: TableShape) => {
    const there = new Set(other.columns.map(({ name }) => name));
    return shape.columns.map(({ name }) => name).filter((name) => there.has(name));
  };
  const [was, is] = [names(before, after), names(after, before)];
  if (was.every((name, index) => is[index] === name)) return [];
  return [
    {
      kind: 'order',
      before: was,
      after: is,
      compatibility: 'compatible',
      why: 'The columns stand in another order, which changes nothing for what tells them by their names; what counts them, as in CSV without a header, finds others.',
    },
  ];
}

function keyChange({ primaryKey: before }: TableShape, { primaryKey: after }: TableShape): SchemaChange[] {
  if (before.toSorted().join('\0') === after.toSorted().join('\0')) return [];
  const change = (compatibility: Compatibility, why: string): SchemaChange[] => [
    { kind: 'primaryKey', before: [...before], after: [...after], compatibility, why },
  ];
  const key = (names: readonly string[]) => `The primary key ${names.join(', ')}`;
  if (before.length === 0)
    return change('backward-breaking', `${key(after)} is new: data from before may hold the same key twice, or none.`);
  if (after.length === 0)
    return change('forward-breaking', `${key(before)} is gone: what finds rows by it may find several, or none.`);
  if (before.every((name) => after.includes(name)))
    return change(
      'forward-breaking',
      `${key(before)} has become ${after.join(', ')}: what finds rows by the key before may find several.`,
    );
  if (after.every((name) => before.includes(name)))
    return change(
      'backward-breaking',
      `${key(before)} has become ${after.join(', ')}: data from before may hold that key twice.`,
    );
  return change('breaking', `${key(before)} has become ${after.join(', ')}: rows are told apart by other columns.`);
}

function foreignKeyChange(
  { foreignKeys: before = [] }: TableShape,
  { foreignKeys: after = [] }: TableShape,
): SchemaChange[] {
  const lacking = (keys: readonly ForeignKey[], others: readonly ForeignKey[]) =>
    keys.filter((key) => !others.some((other) => keyText(other) === keyText(key)));
  return [
    ...lacking(after, before).map((key): SchemaChange => ({
      kind: 'foreignKeys',
      after: keyText(key),
      compatibility: 'backward-breaking',
      why: `Values now have to stand elsewhere (${keyText(key)}): data from before may have others.`,
    })),
    ...lacking(before, after).map((key): SchemaChange => ({
      kind: 'foreignKeys',
      before: keyText(key),
      compatibility: 'forward-breaking',
      why: `Values no longer have to stand elsewhere (${keyText(key)}): what joins by them may find nothing.`,
    })),
  ];
}

function keyText({ fields, reference: { resource, fields: there } }: ForeignKey): string {
  return `${fields.join(', ')} in ${resource === undefined ? '' : `${resource}: `}${there.join(', ')}`;
}
