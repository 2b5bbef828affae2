/** Which row of which source file each kept row is. */
import { text } from '../../duckdb';

import { KEPT, shifts, type StagedFile } from '../../staging';

/** SQL of a relation: `id`, `__file` (index), `file` (name) and `row` (1-based, as in the source) of every kept row, or of others with their `id`. */
export function sourceRows(stagedFiles: readonly StagedFile[], rows = KEPT): string {
  const broken = stagedFiles.filter((file) => file.broken > 0);
  const files = stagedFiles
    .map(({ source, index, base }) => `(${index}, ${text(source.file.name)}, ${base})`)
    .join(', ');
  const accepted =
    `SELECT id, files.name AS file, __file, __read - files.base AS accepted FROM ${rows} ` +
    `JOIN (VALUES ${files}) AS files(index, name, base) ON files.index = __file`;
  if (broken.length === 0) return `(SELECT id, __file, file, accepted + 1 AS row FROM (${accepted}))`;
  const moved = broken.map(({ index }) => `SELECT ${index} AS __file, * FROM (${shifts(index)})`).join(' UNION ALL ');
  return (
    `(SELECT id, rows.__file, file, accepted + 1 + coalesce(shift, 0) AS row FROM (${accepted}) AS rows ` +
    `ASOF LEFT JOIN (${moved}) AS moved ON rows.__file = moved.__file AND rows.accepted >= moved.threshold)`
  );
}
