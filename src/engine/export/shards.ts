/** How rows are divided into files: each split by itself, in the order of its rows. */
import { blocksOf, type FileRows } from '../output';
import { EXPORTED, type ReadData } from './exported';

/** Rows that become one file: `train`, `train-00000-of-00003`, or `data` where there is no split. */
export interface Shard extends FileRows {
  readonly split?: string;
}

/** The name of the file of rows that are in no split. */
const WHOLE = 'data';

/**
 * @param rowsPerFile in each but the last; a split without rows is a file too
 * @param numbered whether files are numbered also where a split is one
 */
export function shardsOf(
  { splits, rows }: Pick<ReadData, 'splits' | 'rows'>,
  rowsPerFile: number,
  numbered: boolean,
): Shard[] {
  const parts = splits.length > 0 ? splits : [{ name: WHOLE, rows, first: 0 }];
  return parts.flatMap((part) => {
    const files = Math.max(1, Math.ceil(part.rows / rowsPerFile));
    return Array.from({ length: files }, (_, index): Shard => {
      const from = part.first + index * rowsPerFile;
      const to = Math.min(part.first + part.rows, from + rowsPerFile);
      return {
        name: numbered ? `${part.name}-${number(index)}-of-${number(files)}` : part.name,
        ...(splits.length > 0 && { split: part.name }),
        rows: to - from,
        ...between(`__row >= ${from} AND __row < ${to}`),
      };
    });
  });
}

/** The rows for which a condition on `__row` holds. */
export function between(condition: string): Pick<FileRows, 'relation' | 'blocks'> {
  return {
    relation: `(SELECT *, __row AS id FROM ${EXPORTED} WHERE ${condition})`,
    blocks: blocksOf(`(SELECT __row AS id FROM ${EXPORTED} WHERE ${condition})`),
  };
}

function number(index: number): string {
  return String(index).padStart(5, '0');
}
