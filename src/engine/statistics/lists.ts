/** Lists, and lists that are embeddings. */
import type { StageColumn } from '../schema';

/** JSON as text, or as the engine's own type. */
export function isJson({ physicalType }: Pick<StageColumn, 'physicalType'>): boolean {
  return physicalType === 'VARCHAR' || physicalType === 'JSON';
}

/** `FLOAT[3]` → `FLOAT`; undefined for what is no list. */
export function elementTypeOf(physicalType: string): string | undefined {
  return /^(.*)\[\d*\]$/s.exec(physicalType)?.[1];
}

/** Lists that are shorter are lists: coordinates, boxes, a few probabilities. */
export const MIN_DIMENSION = 8;
/** The share of the lists that have the most frequent length. */
export const MIN_SHARE = 0.9;
