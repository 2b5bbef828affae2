/** Places of a config whose values are values of a column, and what the data has there. */
import type { ColumnType, ConfigPath, LookedColumn, Scalar, SourceLook } from '../../protocol';
import { positionOf } from '../literals';
import { isRecord } from '../shape';
import { withinDataset } from './columns';
import { stepsOf } from './columns';

export interface Observed {
  readonly value: Scalar;
  /** Rows that have it; absent of a bound. */
  readonly count?: number;
}

const bounds: Readonly<Record<string, 'min' | 'max'>> = {
  minimum: 'min',
  exclusiveMinimum: 'min',
  maximum: 'max',
  exclusiveMaximum: 'max',
};

/** What the data has for the value, or for the key of a map of values, that stands at `path`. */
export function observedAt(data: unknown, path: ConfigPath, look: SourceLook | undefined): Observed[] {
  const within = withinDataset(path);
  if (look === undefined || within === undefined) return [];
  const [section, second, third, key] = within.rest;
  if (section === 'schema' && second === 'columns') {
    const column = look.columns.find(({ name }) => name === third);
    if (key === 'enum') return valuesOf(column);
    const side = typeof key === 'string' ? bounds[key] : undefined;
    const bound = side && column?.[side];
    if (column === undefined || bound === undefined) return [];
    const value = asScalar(column.type, bound);
    return positionOf(column.type, value) === undefined ? [] : [{ value }];
  }
  if (section !== 'transforms' || typeof second !== 'number') return [];
  const isValue =
    (third === 'map' && key === 'values') ||
    (third === 'ordinal' && key === 'order') ||
    (third === 'fill_missing' && key === 'value');
  const step = stepsOf(data, within.dataset).steps[second];
  const parameters = isRecord(step) ? step[String(third)] : undefined;
  if (!isValue || !isRecord(parameters)) return [];
  const named = [parameters['columns']].flat();
  return look.columns.filter(({ name }) => named.includes(name)).flatMap(valuesOf);
}

function valuesOf(column: LookedColumn | undefined): Observed[] {
  return (column?.values ?? []).map(({ value, count }) => ({ value: asScalar(column?.type, value), count }));
}

/** A value of the data as the config would write it. */
export function asScalar(type: ColumnType | undefined, text: string): Scalar {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const isNumber = (type === 'integer' || type === 'number') && text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber && (type === 'number' || Number.isSafeInteger(Number(text))) ? Number(text) : text;
}
