/** What sketches of the values on both sides suggest: columns with another name, and values in another unit. */
import { nearest } from '../../config';
import { HASHES, QUANTILES, type ColumnSketch } from './sketch';
import { knownFactor } from './units';
import type { Suspicions } from './changes';
import type { SchemaEvidence, TableShape } from '../../protocol';

/** Columns that are gone or new, beyond which no pairs are looked at. */
const MOST_COLUMNS = 200;
/** Values are the same from this share of all different values on (Jaccard). */
const SHARED = 0.5;
/** Quantiles are the same up to this share of the distance between the outer two. */
const NEAR = 0.1;
/** So few different values are found in any column of their kind, such as 0 and 1. */
const FEW_VALUES = 3;
/** Shares of missing values that are further apart tell two columns from each other. */
const MISSING = 0.25;

export interface Sketched {
  readonly shape: TableShape;
  readonly sketches: readonly ColumnSketch[];
}

/** The names of columns whose values are worth a sketch: those that only one side has, and numbers that both have. */
export function columnsToSketch(before: TableShape, after: TableShape): ReadonlySet<string> {
  const was = new Map(before.columns.map((column) => [column.name, column]));
  const is = new Map(after.columns.map((column) => [column.name, column]));
  const gone = before.columns.filter(({ name }) => !is.has(name)).slice(0, MOST_COLUMNS);
  const added = after.columns.filter(({ name }) => !was.has(name)).slice(0, MOST_COLUMNS);
  const isNumber = (type: string | undefined) => type === 'integer' || type === 'number';
  const numbers = after.columns.filter(({ name, type }) => isNumber(type) && isNumber(was.get(name)?.type));
  const pairs = gone.length > 0 && added.length > 0 ? [...gone, ...added] : [];
  return new Set([...pairs, ...numbers].map(({ name }) => name));
}

export function suspicionsOf(before: Sketched, after: Sketched): Suspicions {
  return { renamed: renamedColumns(before, after), scaled: scaledColumns(before, after) };
}

interface Pair {
  readonly before: string;
  readonly after: string;
  readonly score: number;
  readonly evidence: SchemaEvidence;
}

/** Each column that is gone with the new one that is most like it, the most alike pairs first; ties by name. */
function renamedColumns(before: Sketched, after: Sketched): Suspicions['renamed'] {
  const [gone, added] = [candidates(before, after), candidates(after, before)];
  const names = added.map(({ sketch }) => sketch.name);
  const pairs = gone.flatMap((was) => {
    const alike = nearest(was.sketch.name, names);
    return added.flatMap((is) => pairOf(was, is, is.sketch.name === alike));
  });
  const ordered = pairs.toSorted(
    (a, b) => b.score - a.score || compareText(a.before, b.before) || compareText(a.after, b.after),
  );
  const taken = new Set<string>();
  const found: Pair[] = [];
  for (const pair of ordered) {
    if (taken.has(`-${pair.before}`) || taken.has(`+${pair.after}`)) continue;
    taken.add(`-${pair.before}`).add(`+${pair.after}`);
    found.push(pair);
  }
  return found.map(({ before: was, after: is, evidence }) => ({ before: was, after: is, evidence }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A column that only one side has. */
interface Candidate {
  readonly sketch: ColumnSketch;
  /** The column of both sides that it stands behind, and how far. */
  readonly place: string;
}

function candidates({ shape, sketches }: Sketched, other: Sketched): Candidate[] {
  const names = new Set(other.shape.columns.map(({ name }) => name));
  const places = new Map<string, string>();
  let behind = '';
  let distance = 0;
  for (const { name } of shape.columns) {
    [behind, distance] = names.has(name) ? [name, 0] : [behind, distance + 1];
    places.set(name, `${behind}\0${distance}`);
  }
  return sketches.flatMap((sketch) =>
    names.has(sketch.name) ? [] : [{ sketch, place: places.get(sketch.name) ?? '' }],
  );
}

/** None where the values do not say that it is the same column, or too little of them to say so by themselves. */
function pairOf(
  { sketch: was, place }: Candidate,
  { sketch: is, place: placeNow }: Candidate,
  sameName: boolean,
): Pair[] {
  if (was.kind !== is.kind || was.distinct === 0 || is.distinct === 0) return [];
  const missing = { before: was.missing / was.rows, after: is.missing / is.rows };
  if (Math.abs(missing.before - missing.after) > MISSING) return [];
  const shared = sharedValues(was, is);
  const distance = quantileDistance(was, is);
  const samePlace = place === placeNow;
  const isNear = distance !== undefined && distance <= NEAR;
  if (shared < SHARED && !isNear) return [];
  // Other rows of a column have its quantiles, but so may another column have; and 0 and 1 stand in many.
  const isWeak = shared < SHARED || Math.min(was.distinct, is.distinct) < FEW_VALUES;
  if (isWeak && !sameName && !samePlace) return [];
  const score = shared + (isNear ? 0.5 : 0) + (sameName ? 0.5 : 0) + (samePlace ? 0.25 : 0);
  const evidence: SchemaEvidence = {
    sharedValues: rounded(shared),
    ...(distance !== undefined && Number.isFinite(distance) && { quantileDistance: rounded(distance) }),
    missing: { before: rounded(missing.before), after: rounded(missing.after) },
    sameName,
    samePlace,
  };
  return [{ before: was.name, after: is.name, score, evidence }];
}

/**
 * The share of different values that both have, of all that either has: exact where all hashes are kept, else by the
 * smallest hashes of both together (Broder, 1997).
 */
export function sharedValues(one: ColumnSketch, other: ColumnSketch): number {
  const [a, b] = [one.hashes, other.hashes];
  const isWhole = a.length < HASHES && b.length < HASHES;
  const most = isWhole ? Infinity : HASHES;
  let [atA, atB, both, all] = [0, 0, 0, 0];
  // Both stand in their order.
  for (; all < most && (atA < a.length || atB < b.length); all++) {
    const [nextA, nextB] = [a[atA] ?? END, b[atB] ?? END];
    if (nextA === nextB) both += 1;
    if (nextA <= nextB) atA += 1;
    if (nextB <= nextA) atB += 1;
  }
  return all === 0 ? 0 : both / all;
}

/** Behind all hashes, which are digits. */
const END = '~';

/** The largest distance between quantiles, by how far the outer two are apart before; undefined where there are none. */
export function quantileDistance(
  { quantiles: before }: ColumnSketch,
  { quantiles: after }: ColumnSketch,
): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const spread = (before.at(-1) ?? 0) - (before[0] ?? 0);
  const furthest = Math.max(...before.map((value, index) => Math.abs((after[index] ?? 0) - value)));
  if (furthest === 0) return 0;
  return spread > 0 ? furthest / spread : undefined;
}

function scaledColumns(before: Sketched, after: Sketched): Suspicions['scaled'] {
  const was = new Map(before.sketches.map((sketch) => [sketch.name, sketch]));
  const is = new Map(after.sketches.map((sketch) => [sketch.name, sketch]));
  return after.shape.columns.flatMap(({ name }) => {
    const [then, now] = [was.get(name), is.get(name)];
    if (then?.quantiles === undefined || now?.quantiles === undefined) return [];
    const found = knownFactor(then.quantiles, now.quantiles);
    if (found === undefined || isCounter(then, now, found.factor)) return [];
    const { factor, unit } = found;
    const quantiles = { at: [...QUANTILES], before: [...then.quantiles], after: [...now.quantiles] };
    return [{ column: name, evidence: { factor, ...(unit !== undefined && { unit }), quantiles } }];
  });
}

/** Rows that are counted through go further the more of them there are. */
function isCounter(then: ColumnSketch, now: ColumnSketch, factor: number): boolean {
  const isUnique = then.distinct >= 0.9 * (then.rows - then.missing);
  return isUnique && Math.abs(Math.log(now.rows / then.rows / factor)) < 0.2;
}

function rounded(share: number): number {
  return Number(share.toFixed(4));
}
