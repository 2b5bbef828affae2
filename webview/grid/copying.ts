/** Whole values of the selected cells as text: more than the page has are asked for. */
import * as l10n from '@vscode/l10n';
import type { GridColumn } from '../../src/protocol';
import { copied, type CopiedRow, type CopyFormat } from '../shared/grid/copy';
import type { Grid } from '../shared/grid/grid';
import { decodePage, PAGE_ROWS } from '../shared/grid/pages';
import type { Questions } from './questions';

/** More would keep the editor busy, and no clipboard is for that. */
const MOST_ROWS = 10_000;
const MOST_CELLS = 200_000;

export async function copySelection(
  format: CopyFormat,
  grid: Grid,
  columns: readonly GridColumn[],
  questions: Questions,
): Promise<{ text: string; says: string }> {
  const { firstRow, lastRow, columns: wanted } = grid.range;
  const selected = lastRow - firstRow + 1;
  const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / Math.max(1, wanted.length))));
  const rows: CopiedRow[] = [];
  const active = grid.activeCell;
  if (selected === 1 && wanted.length === 1 && active) {
    const { text } = await questions.cell({ row: active.row, column: active.column });
    rows.push([text]);
  } else {
    const end = firstRow + Math.min(selected, most);
    for (let offset = Math.max(0, firstRow); offset < end; offset += PAGE_ROWS) {
      const limit = Math.min(PAGE_ROWS, end - offset);
      const page = await questions.page({ view: grid.view, offset, limit, columns: wanted, long: true });
      const { rows: positions, texts } = decodePage(page.arrow);
      positions.forEach((_, row) => rows.push(texts.map((column) => column[row] ?? null)));
    }
  }
  const named = wanted.flatMap((index) => columns[index] ?? []);
  return { text: copied(format, named, rows), says: saying(selected, rows.length, wanted.length) };
}

function saying(selected: number, rows: number, columns: number): string {
  const count = (value: number): string => value.toLocaleString(document.documentElement.lang);
  if (rows < selected) return l10n.t('Copied the first {0} of {1} rows.', count(rows), count(selected));
  if (rows === 1 && columns === 1) return l10n.t('Copied 1 cell.');
  return rows === 1 ? l10n.t('Copied 1 row.') : l10n.t('Copied {0} rows.', count(rows));
}
