/** Mending what does not suit the data, or the columns that there are at a step. */
import type { Finding, Scalar } from '../../protocol';
import { readDocument } from '../document';
import { positionOf } from '../literals';
import { nearest } from '../nearest';
import { isRecord } from '../shape';
import { writtenSchema } from '../written';
import { addItems, setKey, setOfColumn, setValue } from './change';
import { columnsAt, declaredColumns, withinDataset } from './columns';
import { columnOf, replace, type Attempt, type Case, type Deed } from './fix';
import { formsAt, ownKeys } from './forms';
import { asScalar } from './observed';
import { valueAt } from './place';
import { applied, renameColumn } from './rename';

/** Another name, where a column is named that is not there. */
export function otherColumn({ path, data, text, look }: Case): Attempt[] {
  const within = withinDataset(path);
  const value = valueAt(data, path);
  if (within === undefined) return [];
  const columns = columnsAt(data, within.dataset, within.point, look);
  const key = String(path.at(-1));
  const asKey = ownKeys(formsAt(writtenSchema, path.slice(0, -1))) === 'column' && !columns.has(key);
  const name = asKey ? key : value;
  if (typeof name !== 'string') return [];
  const meant = columns.has(name) ? undefined : nearest(name, columns.keys());
  if (meant === undefined) return [];
  if (!asKey) return [replace(text, path, name, meant)];
  return [{ deed: { does: 'replace', from: name, to: meant }, text: setKey(text, path, meant), preferred: true }];
}

/** One more declared column, with the type that the data has. */
export function declare({ finding, path, data, text, look }: Case): Attempt[] {
  const value = valueAt(data, path);
  const name = finding.code === 'column-extra' ? finding.column : typeof value === 'string' ? value : undefined;
  const dataset = withinDataset(path)?.dataset ?? finding.dataset;
  const found = look?.columns.find((column) => column.name === name);
  if (name === undefined || dataset === undefined || found === undefined) return [];
  if (declaredColumns(data, dataset).has(name)) return [];
  const at = ['datasets', dataset, 'schema', 'columns', name];
  return [
    {
      deed: { does: 'declare', column: name, type: found.type },
      text: setValue(text, at, found.type),
      preferred: true,
    },
  ];
}

/** A column that is declared and not there is one of those that are there and not declared. */
export function presentColumn({ finding, path, data, text, look }: Case): Attempt[] {
  const column = columnOf({ finding, path, data });
  if (column === undefined || look === undefined) return [];
  const declared = declaredColumns(data, withinDataset(path)?.dataset);
  const free = look.columns.map(({ name }) => name).filter((name) => !declared.has(name));
  const meant = nearest(column.name, free);
  if (meant === undefined) return [];
  const edits = renameColumn(text, readDocument(text), { path: column.at, part: 'key' }, meant);
  const changed = edits?.some(({ doubtful }) => doubtful) === false ? applied(text, edits) : undefined;
  return [{ deed: { does: 'replace', from: column.name, to: meant }, text: changed, preferred: true }];
}

export function optional({ finding, path, data, text }: Case): Attempt[] {
  const column = columnOf({ finding, path, data });
  if (column === undefined) return [];
  const changed = setOfColumn(text, column.at, 'required', false);
  return [{ deed: { does: 'add', entry: 'required: false' }, text: changed }];
}

export function otherType({ finding, path, data, text, look }: Case): Attempt[] {
  const column = columnOf({ finding, path, data });
  const found = look?.columns.find(({ name }) => name === column?.name);
  if (column?.type === undefined || found === undefined || found.type === column.type) return [];
  const written = valueAt(data, column.at);
  const at = isRecord(written) ? [...column.at, 'type'] : column.at;
  return [replace(text, at, column.type, found.type)];
}

export function quarantine({ finding, path, data, text }: Case): Attempt[] {
  const dataset = withinDataset(path)?.dataset ?? finding.dataset;
  if (dataset === undefined || valueAt(data, ['datasets', dataset]) === undefined) return [];
  const at = ['datasets', dataset, 'schema', 'onError'];
  return [{ deed: { does: 'quarantine' }, text: setValue(text, at, 'quarantine') }];
}

/** Values of the data that an enum leaves out. */
export function allow({ finding, path, data, text, look }: Case): Attempt[] {
  const column = columnOf({ finding, path, data });
  const list = column && valueAt(data, [...column.at, 'enum']);
  if (column === undefined || !Array.isArray(list)) return [];
  const found = look?.columns.find(({ name }) => name === column.name);
  const seen = found?.values?.map(({ value }) => value) ?? (finding.samples ?? []).filter(isWhole);
  const known = new Set(list.map(String));
  const type = column.type ?? found?.type;
  const values: Scalar[] = [...new Set(seen)]
    .filter((value) => !known.has(value))
    .map((value) => asScalar(type, value));
  if (values.length === 0) return [];
  const deed: Deed = { does: 'allow', values: values.map(String) };
  return [{ deed, text: addItems(text, [...column.at, 'enum'], values), preferred: true }];
}

/** Samples of a finding are cut at 200 characters. */
function isWhole(sample: string): boolean {
  return sample.length < 200;
}

/** A value of an enum that no row has: a slip, or no longer needed. */
export function unseen({ finding, path, data, text, look }: Case): Attempt[] {
  const value = valueAt(data, path);
  const column = columnOf({ finding, path, data });
  const list = column && valueAt(data, [...column.at, 'enum']);
  const found = look?.columns.find(({ name }) => name === column?.name);
  if (typeof value !== 'string' || !Array.isArray(list)) return [];
  const free = (found?.values ?? []).map((each) => each.value).filter((each) => !list.includes(each));
  const meant = nearest(value, free);
  return meant === undefined ? [] : [replace(text, path, value, meant)];
}

/** A bound as far out as the data goes. */
export function widen({ finding, path, data, text, look }: Case, key: string, side: 'min' | 'max'): Attempt[] {
  const column = columnOf({ finding, path, data });
  const found = look?.columns.find(({ name }) => name === column?.name);
  const extreme = found?.[side] ?? extremeOf(finding, side);
  if (column === undefined || extreme === undefined || look?.partial === true) return [];
  const type = column.type ?? found?.type ?? 'number';
  const value = asScalar(type, extreme);
  // Infinity is no bound.
  if (positionOf(type, value) === undefined) return [];
  const changed = setOfColumn(text, column.at, key, value);
  return [{ deed: { does: 'widen', key, to: String(value) }, text: changed, preferred: true }];
}

/** Of the values that a finding shows, where it shows them all and they are numbers. */
function extremeOf({ count, samples = [] }: Finding, side: 'min' | 'max'): string | undefined {
  const numbers = samples.map(Number);
  if (count === undefined || count > samples.length || numbers.some((number) => !Number.isFinite(number)))
    return undefined;
  return String(Math[side](...numbers));
}
