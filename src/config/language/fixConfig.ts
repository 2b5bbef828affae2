/** Mending what is wrong with a config by itself. */
import { isDeepStrictEqual } from 'node:util';
import type { ColumnType, ConfigPath } from '../../protocol';
import { datasetSource } from '../dependencies';
import { readDocument } from '../document';
import { isOrdered, positionOf } from '../literals';
import { nearest } from '../nearest';
import { isRecord, kindsOf } from '../shape';
import { writtenSchema } from '../written';
import { setKey, setValue } from './change';
import { withinDataset } from './columns';
import { columnOf, replace, type Attempt, type Case } from './fix';
import { choicesOf, formsAt, keyForms, namedBy } from './forms';
import { asScalar } from './observed';
import { valueAt } from './place';

export function misspeltKey({ path, data, text }: Case): Attempt[] {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const present = valueAt(data, parent);
  const free = keyForms(formsAt(writtenSchema, parent))
    .map((form) => form.key)
    .filter((name) => !isRecord(present) || !Object.hasOwn(present, name));
  const meant = nearest(key, free);
  if (meant === undefined) return [];
  const safe = meant.toLowerCase() === key.toLowerCase().replaceAll(/[\s_-]/g, '');
  return [{ deed: { does: 'replace', from: key, to: meant }, text: setKey(text, path, meant), safe, preferred: true }];
}

export function invalidValue({ path, data, text }: Case): Attempt[] {
  const value = valueAt(data, path);
  const forms = formsAt(writtenSchema, path);
  const choices = choicesOf(forms);
  if (typeof value === 'string') {
    const meant = nearest(
      value,
      choices.filter((choice) => typeof choice === 'string'),
    );
    if (meant !== undefined) return [replace(text, path, value, meant)];
    // Text where a number, or true or false, is meant: the quotes are too much.
    const bare = value.trim() === '' ? NaN : Number(value);
    const isNumber =
      Number.isFinite(bare) && forms.some((form) => kindsOf(form).includes('number') && form.safeParse(bare).success);
    if (isNumber) return [{ ...replace(text, path, `"${value}"`, value, bare), safe: true }];
    const flag = value === 'true' || value === 'false' ? value === 'true' : undefined;
    return flag !== undefined && choices.includes(flag)
      ? [{ ...replace(text, path, `"${value}"`, value, flag), safe: true }]
      : [];
  }
  const takesText = forms.some((form) => kindsOf(form).includes('text') && form.safeParse(String(value)).success);
  if ((typeof value !== 'number' && typeof value !== 'boolean') || !takesText || choices.length > 0) return [];
  return [quote(text, path, value)];
}

function quote(text: string, path: ConfigPath, value: number | boolean): Attempt {
  const { start, end } = readDocument(text).rangeOf(path, 'value');
  // As it is written: `1.0` is not the text `1`.
  const written = text.slice(start, end);
  return {
    deed: { does: 'quote', value: String(value) },
    text: setValue(text, path, written),
    safe: true,
    preferred: true,
  };
}

export function slashes({ path, data, text }: Case): Attempt[] {
  const value = valueAt(data, path);
  if (typeof value !== 'string') return [];
  const to = value.replaceAll('\\', '/');
  return [{ ...replace(text, path, value, to), safe: true }];
}

/** A value that is not one of its column's type only because of its quotes. */
export function misfit({ path, data, text, look, finding }: Case): Attempt[] {
  const value = valueAt(data, path);
  const column = columnOf({ path, data, finding });
  const type = column?.type ?? look?.columns.find(({ name }) => name === column?.name)?.type;
  if (type === undefined || !suits(path, type)) return [];
  if ((typeof value === 'number' || typeof value === 'boolean') && positionOf(type, String(value)) !== undefined)
    return [quote(text, path, value)];
  if (typeof value !== 'string') return [];
  const bare = asScalar(type, value);
  if (typeof bare === 'string' || positionOf(type, bare) === undefined) return [];
  return [{ ...replace(text, path, `"${value}"`, value, bare), safe: true }];
}

/** A constraint that means nothing for the type. */
export function needless({ path, text, data, finding }: Case): Attempt[] {
  const key = path.at(-1);
  const type = columnOf({ path, data, finding })?.type;
  if (typeof key !== 'string' || type === undefined || suits(path, type)) return [];
  return [{ deed: { does: 'remove', key }, text: setValue(text, path, undefined) }];
}

/** Whether a constraint means something for columns of a type. */
function suits(path: ConfigPath, type: ColumnType): boolean {
  const key = path.findLast((step) => typeof step === 'string');
  if (key === 'enum') return true;
  return ['minLength', 'maxLength', 'pattern'].includes(String(key)) ? type === 'string' : isOrdered(type);
}

export function swap({ path, data, text }: Case): Attempt[] {
  const high = String(path.at(-1));
  const column = path.slice(0, -1);
  const lows = high === 'maxLength' ? ['minLength'] : ['minimum', 'exclusiveMinimum'];
  const low = lows.find((key) => valueAt(data, [...column, key]) !== undefined);
  if (low === undefined) return [];
  const half = setValue(text, path, valueAt(data, [...column, low]));
  const whole = half === undefined ? undefined : setValue(half, [...column, low], valueAt(data, path));
  return [{ deed: { does: 'swap', low, high }, text: whole, preferred: true }];
}

export function otherDataset({ path, data, text }: Case): Attempt[] {
  const value = valueAt(data, path);
  const datasets = isRecord(data) && isRecord(data['datasets']) ? Object.keys(data['datasets']) : [];
  if (typeof value !== 'string') return [];
  const scheme = namedBy(formsAt(writtenSchema, path)[0] ?? writtenSchema) === 'dataset' ? '' : 'dataset://';
  const named = datasetSource(scheme === '' ? `dataset://${value}` : value);
  const own = withinDataset(path)?.dataset;
  const meant =
    named &&
    nearest(
      named.dataset,
      datasets.filter((name) => name !== own),
    );
  if (meant === undefined || named === undefined || meant === named.dataset) return [];
  return [replace(text, path, value, `${scheme}${meant}${named.split === undefined ? '' : `/${named.split}`}`)];
}

/** The only version there is: a config without one, or with one in quotes, can be nothing else. */
export function version({ text, data }: Case): Attempt {
  const entries = isRecord(data) ? data : {};
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const first = `version: 1${newline}${text}`;
  // Not above `---`, a map in brackets, or one that is indented.
  const read = readDocument(first);
  const isSound = read.problems.length === 0 && isDeepStrictEqual(read.data, { version: 1, ...entries });
  const isFirst = isSound && !Object.hasOwn(entries, 'version');
  const changed = isFirst ? first : setValue(text, ['version'], 1);
  return { deed: { does: 'add', entry: 'version: 1' }, text: changed, safe: true, preferred: true };
}
