/** The lists of a column as one relation, whatever form they have: lists, arrays of a fixed length, texts of JSON. */
import { text } from '../../../duckdb';
import type { StageColumn } from '../../../schema';
import { elementTypeOf, isJson } from '../../../statistics';
import type { ColumnContext } from '../../context';
import { isArray, isScalar, jsonName, jsonStructure } from './jsonStructure';

export interface Lists {
  /** A relation with the lists as `l`, of the rows that have one, and `__row`. */
  readonly relation: string;
  /** The engine's type of an element. */
  readonly elementType: string;
  /** The same for people. */
  readonly elementName: string;
}

/** `STRUCT(a INTEGER)[]` → `STRUCT[]`: the fields have lines of their own. */
export function typeName(physicalType: string): string {
  return physicalType.replace(/^STRUCT\(.*\)(?=(\[\d*\])*$)/s, 'STRUCT');
}

/** Throws what the engine says of texts that are no JSON. */
export async function listsOf(context: ColumnContext, column: StageColumn): Promise<Lists> {
  const { id, physicalType } = column;
  const from = (list: string) =>
    `(SELECT l, __row FROM (SELECT ${list} AS l, __row FROM ${context.relation}) WHERE l IS NOT NULL)`;
  if (!isJson(column)) {
    const elementType = elementTypeOf(physicalType) ?? physicalType;
    const list = physicalType.endsWith('[]') ? id : `CAST(${id} AS ${elementType}[])`;
    return { relation: from(list), elementType, elementName: typeName(elementType) };
  }
  const structure = await jsonStructure(context, id, context.relation);
  const element = isArray(structure) ? structure[0] : 'JSON';
  const elementType = typeof element === 'string' && isScalar(element) ? element : 'JSON';
  return {
    relation: from(`from_json(CAST(${id} AS JSON), ${text(JSON.stringify([elementType]))})`),
    elementType,
    elementName: jsonName(element),
  };
}
