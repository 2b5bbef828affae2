/** What changed of one column that both schemas have. */
import { isOrdered, positionOf } from '../../config';
import { typeChange, type ValuesChange } from './typeChanges';
import type { Compatibility, SchemaChange, SchemaColumn, Scalar } from '../../protocol';

type Change = Omit<SchemaChange, 'column'>;

/** @param keys the primary keys, whose columns are never missing */
export function columnChanges(
  before: SchemaColumn,
  after: SchemaColumn,
  keys: { readonly before: readonly string[]; readonly after: readonly string[] },
): SchemaChange[] {
  const type = typeChange(before, after);
  const changes: Change[] = [];
  if (type !== 'same') changes.push(retyped(before, after, type));
  const required = {
    before: before.required === true || keys.before.includes(before.name),
    after: after.required === true || keys.after.includes(after.name),
  };
  changes.push(...nullability(before, after, required));
  // Constraints of another type of values are about something else.
  if (type !== 'other') {
    changes.push(...enumChange(before, after), ...boundChanges(before, after), ...textChanges(before, after));
  }
  changes.push(...uniqueChange(before, after), ...roleChange(before, after));
  return changes.map(({ kind, ...rest }) => ({ kind, column: after.name, ...rest }));
}

/** More values than before: what was made for those before meets others. Fewer: those before do not fit any more. */
const compatibilityOfValues: Readonly<Record<Exclude<ValuesChange, 'same'>, Compatibility>> = {
  widened: 'forward-breaking',
  narrowed: 'backward-breaking',
  other: 'breaking',
};

function ofValues(change: Exclude<ValuesChange, 'same'>): Pick<Change, 'values' | 'compatibility'> {
  return { values: change, compatibility: compatibilityOfValues[change] };
}

function retyped(before: SchemaColumn, after: SchemaColumn, change: Exclude<ValuesChange, 'same'>): Change {
  const stored = before.type === after.type;
  const [was, is] = stored ? [before.physicalType, after.physicalType] : [before.type, after.type];
  const types = `${after.name} is ${is ?? after.type} and was ${was ?? before.type}`;
  const why = {
    widened: `${types}: it takes every value from before and more, which what is made for the data before may not hold.`,
    narrowed: `${types}: it takes fewer values, so that data from before may not fit.`,
    other: `${types}: values of the one are none of the other.`,
  };
  return {
    kind: 'retyped',
    before: was ?? before.type,
    after: is ?? after.type,
    ...ofValues(change),
    why: why[change],
  };
}

/** Declarations are compared; what was seen only where neither side declares anything. */
function nullability(
  before: SchemaColumn,
  after: SchemaColumn,
  required: { readonly before: boolean; readonly after: boolean },
): Change[] {
  const { name } = after;
  const change = (compatibility: Compatibility, why: string): Change[] => [
    {
      kind: 'nullability',
      before: required.before || required.after ? (required.before ? 'required' : 'optional') : seen(before),
      after: required.before || required.after ? (required.after ? 'required' : 'optional') : seen(after),
      compatibility,
      why,
    },
  ];
  if (required.before !== required.after) {
    if (required.before)
      return change(
        'forward-breaking',
        `${name} may now be missing: what is made for the data before counts on a value.`,
      );
    return before.nullable === false
      ? change('compatible', `${name} may no longer be missing, and no value of it was missing before.`)
      : change('backward-breaking', `${name} may no longer be missing: data from before in which it is does not fit.`);
  }
  if (required.after || before.nullableFrom !== 'seen' || after.nullableFrom !== 'seen') return [];
  if (before.nullable === after.nullable) return [];
  return after.nullable === true
    ? change('forward-breaking', `Values of ${name} are missing now and none was before; nothing is declared of it.`)
    : change('compatible', `Values of ${name} were missing before and none is now; nothing is declared of it.`);
}

function seen({ nullable }: SchemaColumn): string {
  return nullable === true ? 'with missing values' : 'without missing values';
}

const SHOWN = 5;

function enumChange({ enum: before }: SchemaColumn, { enum: after, name }: SchemaColumn): Change[] {
  if (before === undefined && after === undefined) return [];
  const change = (values: Exclude<ValuesChange, 'same'>, why: string): Change[] => [
    { kind: 'enum', key: 'enum', ...(before && { before }), ...(after && { after }), ...ofValues(values), why },
  ];
  if (after === undefined)
    return change('widened', `${name} may be anything now: what is made for the data before knows only its list.`);
  if (before === undefined)
    return change('narrowed', `${name} has to be one of ${listed(after)} now: data from before may hold others.`);
  const [added, removed] = [without(after, before), without(before, after)];
  if (added.length > 0 && removed.length > 0)
    return change(
      'other',
      `${name} may be ${listed(added)} now and no longer ${listed(removed)}: neither side fits what is made for the other.`,
    );
  if (added.length > 0)
    return change(
      'widened',
      `${name} may also be ${listed(added)} now, which what is made for the data before does not know.`,
    );
  if (removed.length > 0)
    return change('narrowed', `${name} may no longer be ${listed(removed)}: data from before that is does not fit.`);
  return [];
}

function without(values: readonly Scalar[], others: readonly Scalar[]): Scalar[] {
  return values.filter((value) => !others.includes(value));
}

function listed(values: readonly Scalar[]): string {
  const shown = values.slice(0, SHOWN).map(String).join(', ');
  return values.length > SHOWN ? `${shown} and ${values.length - SHOWN} more` : shown;
}

/** The tightest bound on one side, and how it is written. */
interface Limit {
  readonly key: 'minimum' | 'exclusiveMinimum' | 'maximum' | 'exclusiveMaximum';
  readonly value: number | string;
  readonly at: number | bigint;
  readonly exclusive: boolean;
}

function limitOf(column: SchemaColumn, side: 'minimum' | 'maximum'): Limit | undefined {
  const exclusive = side === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  const found = ([side, exclusive] as const).flatMap((key): Limit[] => {
    const value = column[key];
    const at = value === undefined ? undefined : boundPosition(column, value);
    return value === undefined || at === undefined ? [] : [{ key, value, at, exclusive: key === exclusive }];
  });
  return found.toSorted((a, b) => (isTighter(a, b, side) ? -1 : 1))[0];
}

/** An integer column may have a bound between two integers. */
function boundPosition({ type }: SchemaColumn, value: number | string): number | bigint | undefined {
  if (typeof value === 'number' && (type === 'integer' || type === 'number')) return value;
  return isOrdered(type) ? positionOf(type, value) : undefined;
}

function isTighter(a: Limit, b: Limit, side: 'minimum' | 'maximum'): boolean {
  // Not by `===`: one of them may be a whole number too long for a double.
  if (!(a.at < b.at || a.at > b.at)) return a.exclusive && !b.exclusive;
  return side === 'minimum' ? a.at > b.at : a.at < b.at;
}

function boundChanges(before: SchemaColumn, after: SchemaColumn): Change[] {
  const ofType = { ...before, type: after.type };
  return (['minimum', 'maximum'] as const).flatMap((side) => {
    const [was, is] = [limitOf(ofType, side), limitOf(after, side)];
    if (was && is && !isTighter(was, is, side) && !isTighter(is, was, side)) return [];
    if (!was && !is) return [];
    const values = is && (!was || isTighter(is, was, side)) ? 'narrowed' : 'widened';
    return [boundChange(after.name, is?.key ?? was?.key ?? side, [was?.value, is?.value], values)];
  });
}

function boundChange(
  name: string,
  key: string,
  [was, is]: readonly [Scalar | undefined, Scalar | undefined],
  values: 'widened' | 'narrowed',
): Change {
  const state =
    is === undefined
      ? `\`${key}\` of ${name} is gone (it was ${String(was)})`
      : `\`${key}\` of ${name} is ${String(is)}${was === undefined ? ' now' : ` and was ${String(was)}`}`;
  const why =
    values === 'widened'
      ? `${state}: what is made for the data before may meet values it does not know.`
      : `${state}: data from before may lie outside.`;
  return {
    kind: 'bounds',
    key,
    ...(was !== undefined && { before: was }),
    ...(is !== undefined && { after: is }),
    ...ofValues(values),
    why,
  };
}

function textChanges(before: SchemaColumn, after: SchemaColumn): Change[] {
  const lengths = (['minLength', 'maxLength'] as const).flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (was === is) return [];
    const narrowed = is !== undefined && (was === undefined || (key === 'minLength' ? is > was : is < was));
    return [boundChange(after.name, key, [was, is], narrowed ? 'narrowed' : 'widened')];
  });
  const forms = (['pattern', 'format'] as const).flatMap((key): Change[] => {
    const [was, is] = [before[key], after[key]];
    if (was === is) return [];
    const values = was === undefined ? 'narrowed' : is === undefined ? 'widened' : 'other';
    const why = {
      narrowed: `${after.name} has to have a \`${key}\` now: data from before may look otherwise.`,
      widened: `${after.name} may look otherwise than its \`${key}\` said: what is made for the data before may not read it.`,
      other: `\`${key}\` of ${after.name} is another one: texts of the one need not fit the other.`,
    };
    return [
      {
        kind: 'pattern',
        key,
        ...(was !== undefined && { before: was }),
        ...(is !== undefined && { after: is }),
        ...ofValues(values),
        why: why[values],
      },
    ];
  });
  return [...lengths, ...forms];
}

function uniqueChange(
  { unique: before = false }: SchemaColumn,
  { unique: after = false, name }: SchemaColumn,
): Change[] {
  if (before === after) return [];
  return [
    {
      kind: 'unique',
      key: 'unique',
      before,
      after,
      compatibility: after ? 'backward-breaking' : 'forward-breaking',
      why: after
        ? `No value of ${name} may occur twice now: data from before in which one does not fit.`
        : `Values of ${name} may occur twice now: what finds rows by it may find several.`,
    },
  ];
}

function roleChange({ role: before }: SchemaColumn, { role: after, name }: SchemaColumn): Change[] {
  if (before === after) return [];
  return [
    {
      kind: 'role',
      key: 'role',
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      compatibility: 'compatible',
      why: `The role of ${name} is ${after ?? 'not said'} and was ${before ?? 'not said'}: the values stay what they are, and what is trained on them may not.`,
    },
  ];
}
