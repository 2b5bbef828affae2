/** By what each column is compared: its values, properties of them, or whether they are there at all. */
import type { Database } from '../duckdb';
import { isNumeric, type StageColumn } from '../schema';
import { declaredSemantic, kindOf, numberTypeOf, semanticOfNumbers, semanticOfTexts, type Kind } from '../statistics';
import type { SemanticType } from '../../protocol';
import type { Look } from './look';
import { areAlike, type ColumnPair } from './pairs';
import { elementGroup, listLength } from './properties/lists';
import { mediaGroup, type MediaGroup } from './properties/media';
import { fieldsOf } from './properties/structs';
import { textGroup, type TextGroup } from './properties/texts';
import { dimensionOf, vectorGroup } from './properties/vectors';
import type { DriftRows } from './rows';
import { categories, valuesOf, type VariableGroup, type Side, type Variable, type Values } from './variable';

export interface ColumnPlan {
  readonly pair: ColumnPair;
  readonly looks: { readonly [Each in Side]: Look };
  readonly semantic: SemanticType;
  /** Of another kind than before, so that nothing but missing values can be compared. */
  readonly retyped: boolean;
  /** Over the rows as they stand: the values themselves first, where they are compared. */
  readonly variables: readonly Variable[];
  readonly group?: PropertyGroup;
  readonly notes: readonly string[];
}

export type PropertyGroup =
  | { readonly of: 'text'; readonly group: TextGroup }
  | { readonly of: 'vectors'; readonly group: VariableGroup }
  | { readonly of: 'media'; readonly group: MediaGroup }
  | { readonly of: 'elements'; readonly group: VariableGroup };

export interface PlanContext {
  readonly database: Database;
  readonly rows: { readonly [Each in Side]: DriftRows };
  /** Begins the names of tables. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** What a first look at a column asks: of what is no value of its own, only whether it is there. */
export function lookedAt(column: ColumnPair[Side]): Values {
  return valuesOf(column) ?? categories(`CASE WHEN ${column.id} IS NOT NULL THEN '' END`);
}

export async function planColumn(
  context: PlanContext,
  pair: ColumnPair,
  looks: ColumnPlan['looks'],
): Promise<ColumnPlan> {
  const { current } = pair;
  const base = { pair, looks, retyped: false, variables: [], notes: [] };
  const empty = (['baseline', 'current'] as const).filter((side) => looks[side].present === 0);
  if (empty.length > 0)
    return { ...base, semantic: empty.length === 2 ? 'empty' : semanticByKind(pair, looks), notes: [emptyNote(empty)] };
  if (!areAlike(pair)) return { ...base, semantic: semanticByKind(pair, looks), retyped: true };
  const values = { baseline: valuesOf(pair.baseline), current: valuesOf(current) };
  const whole: Variable[] =
    values.baseline && values.current
      ? [{ column: current.name, baseline: values.baseline, current: values.current }]
      : [];
  switch (kindOf(current)) {
    case 'boolean':
      return { ...base, semantic: declaredIdentifier(pair) ?? 'boolean', ...comparedUnlessIdentifier(pair, whole) };
    case 'time':
      return {
        ...base,
        semantic: declaredIdentifier(pair) ?? 'datetime',
        ...comparedUnlessIdentifier(pair, whole),
        notes: zoneNotes(pair),
      };
    case 'number':
    case 'text':
      return { ...base, ...(await planScalar(context, pair, looks, whole)) };
    case 'list':
      return { ...base, ...(await planList(context, pair)) };
    case 'struct': {
      const variables = await fieldsOf(context.database, pair, context.rows);
      const note =
        variables.length > 0
          ? []
          : ['Objects without fields of their own types are compared by how many are missing only.'];
      return { ...base, semantic: 'struct', variables, notes: note };
    }
    case 'media': {
      const kind = current.type === 'audio' ? 'audio' : 'image';
      const group = mediaGroup(context.database, context.name, pair, kind, context.signal);
      return { ...base, semantic: kind, group: { of: 'media', group } };
    }
  }
}

type Planned = Pick<ColumnPlan, 'semantic' | 'variables' | 'notes' | 'group'>;

async function planScalar(
  context: PlanContext,
  pair: ColumnPair,
  looks: ColumnPlan['looks'],
  whole: readonly Variable[],
): Promise<Planned> {
  const semantic = await semanticOf(context, pair, looks.baseline);
  if (semantic === 'identifier')
    return {
      semantic,
      variables: [],
      notes: ['Values identify rows: how they are distributed says nothing.', ...(await repeatNotes(context, pair))],
    };
  const [variable] = whole;
  if (semantic !== 'text' || !variable) return { semantic, variables: whole, notes: [] };
  const group = textGroup(context.database, context.name, pair.current.name, {
    baseline: variable.baseline,
    current: variable.current,
  });
  return { semantic, variables: [], notes: [], group: { of: 'text', group } };
}

async function planList({ database, name, rows }: PlanContext, pair: ColumnPair): Promise<Planned> {
  const dimension = await dimensionOf(database, pair.baseline, rows.baseline);
  if (dimension !== undefined && dimension === (await dimensionOf(database, pair.current, rows.current))) {
    const group = vectorGroup(database, name, pair, dimension);
    return { semantic: 'embedding', variables: [], notes: [], group: { of: 'vectors', group } };
  }
  const group = await elementGroup(database, name, pair, rows);
  return {
    semantic: 'list',
    variables: [listLength(pair)],
    notes: group ? [] : ['Elements that are lists or objects are not compared.'],
    ...(group && { group: { of: 'elements', group } }),
  };
}

/** As a profile has it; but texts that repeat are categories however many there are. */
async function semanticOf(context: PlanContext, pair: ColumnPair, look: Look): Promise<SemanticType> {
  const column = pair.baseline;
  const { present, finite, distinct: estimate, min, max, meanLength, maxLength } = look;
  const distinct = Math.min(estimate, present);
  // The sketch errs by some percent: only where it may be so is it worth counting.
  const maybeUnique = estimate >= 0.8 * present;
  if (isNumeric(column.physicalType)) {
    const { integer } = numberTypeOf(column.physicalType);
    const of = (unique: boolean) => semanticOfNumbers(column, { integer, count: finite, distinct, unique, min, max });
    const declared = of(false);
    if (!maybeUnique || of(true) === declared) return declared;
    return of((await repeatsIn(context, pair, 'baseline')) === 0);
  }
  const seen = { count: present, distinct, meanLength, maxLength };
  const of = (unique: boolean, spaced: boolean) => semanticOfTexts(column, { ...seen, unique, spaced });
  const found = of(false, true);
  if (found === 'text' && 2 * distinct <= present && meanLength <= CATEGORY_LENGTH) return 'categorical';
  if (!maybeUnique || of(true, false) === found || (await repeatsIn(context, pair, 'baseline')) > 0) return found;
  return of(true, await hasSpaces(context, pair));
}

/** Of texts on average; longer ones are no categories. */
const CATEGORY_LENGTH = 100;

/** Rows whose value another row has before. */
async function repeatsIn({ database, rows }: PlanContext, pair: ColumnPair, side: Side): Promise<number> {
  const { id } = pair[side];
  const { repeats } = await database.row(
    `SELECT coalesce(sum(n - 1), 0) AS repeats FROM (SELECT count(*) AS n FROM ${rows[side].relation} WHERE ${id} IS NOT NULL GROUP BY ${id} HAVING count(*) > 1)`,
  );
  return Number(repeats);
}

async function hasSpaces({ database, rows }: PlanContext, { baseline }: ColumnPair): Promise<boolean> {
  const { spaced } = await database.row(
    `SELECT bool_or(contains(CAST(${baseline.id} AS VARCHAR), ' ')) AS spaced FROM ${rows.baseline.relation}`,
  );
  return spaced === true;
}

async function repeatNotes(context: PlanContext, pair: ColumnPair): Promise<string[]> {
  // Unless it is declared, a column whose values repeat is no identifier.
  const before = declaredSemantic(pair.baseline) ? await repeatsIn(context, pair, 'baseline') : 0;
  const now = before > 0 ? 0 : await repeatsIn(context, pair, 'current');
  if (now === 0) return [];
  return [
    `${now.toLocaleString('en')} ${now === 1 ? 'value repeats' : 'values repeat'} another one of the current side; in the baseline none does.`,
  ];
}

function declaredIdentifier({ baseline, current }: ColumnPair): 'identifier' | undefined {
  return [baseline, current].some((column) => declaredSemantic(column) === 'identifier') ? 'identifier' : undefined;
}

function comparedUnlessIdentifier(pair: ColumnPair, variables: readonly Variable[]): Pick<ColumnPlan, 'variables'> {
  return { variables: declaredIdentifier(pair) ? [] : variables };
}

function emptyNote(empty: readonly Side[]): string {
  if (empty.length === 2) return 'Neither side has values.';
  return `${empty[0] === 'baseline' ? 'The baseline' : 'The current side'} has no values, so that only missing ones are compared.`;
}

function zoneNotes({ baseline, current }: ColumnPair): string[] {
  const zoned = [baseline, current].filter(({ physicalType }) => physicalType.endsWith('WITH TIME ZONE'));
  return zoned.length === 1 ? ['Times of one side have zones; those of the other are taken for UTC.'] : [];
}

const byKind: Record<Kind, SemanticType> = {
  ...{ number: 'numeric', boolean: 'boolean', time: 'datetime', text: 'text', list: 'list', struct: 'struct' },
  media: 'image',
};

/** By the type alone. */
export function semanticOfKind(column: StageColumn): SemanticType {
  return column.type === 'audio' ? 'audio' : byKind[kindOf(column)];
}

/** Of the side that has values. */
function semanticByKind(pair: ColumnPair, looks: ColumnPlan['looks']): SemanticType {
  return semanticOfKind(looks.current.present > 0 ? pair.current : pair.baseline);
}
