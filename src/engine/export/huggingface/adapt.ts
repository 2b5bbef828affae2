/** Columns of types that the `datasets` library refuses or reads as something else, in a form that it reads. */
import { identifier } from '../../duckdb';
import { columnTypeOf } from '../../schema';
import type { Finding } from '../../../protocol';
import { EXPORTED, type Adapted, type ExportedColumn, type ReadData } from '../exported';
import { inForm, type Form } from '../forms';

interface Change {
  /** SQL for the value in the other form. */
  readonly value: string;
  /** As in: it holds UUIDs. */
  readonly holds: string;
  readonly becomes: string;
}

const asVarchar =
  (refused: string): Form =>
  (value, type) =>
    type === refused ? `CAST(${value} AS VARCHAR)` : undefined;

const refused: Readonly<Record<string, string>> = {
  UUID: 'UUIDs',
  INTERVAL: 'intervals',
  // Their zone would be lost.
  'TIME WITH TIME ZONE': 'times with a zone',
};

/** Of several in one column, the first is told; all are changed. */
function changeOf({ id, physicalType }: ExportedColumn): Change | undefined {
  if (physicalType.startsWith('MAP(') && !/\[\d*\]$/.test(physicalType)) {
    const entries = `map_entries(${id})`;
    return { value: entries, holds: 'maps', becomes: 'lists of pairs of `key` and `value`' };
  }
  // Inside of other values a map has no entries of its own to be taken.
  if (/\bMAP\(/.test(physicalType.replace(/"(?:[^"]|"")*"/g, '')))
    return { value: `CAST(to_json(${id}) AS VARCHAR)`, holds: 'maps inside of other values', becomes: 'JSON text' };
  const kinds = Object.keys(refused).filter((type) => inForm(id, physicalType, asVarchar(type)) !== undefined);
  if (kinds.length === 0) return undefined;
  const all: Form = (value, type) => (kinds.includes(type) ? `CAST(${value} AS VARCHAR)` : undefined);
  return {
    value: inForm(id, physicalType, all) ?? id,
    holds: kinds.map((kind) => refused[kind]).join(' and '),
    becomes: 'text',
  };
}

/** Changes the table. What is in the maps may be of a refused type itself, so that a column is asked again. */
export async function adapt({ name: dataset, columns, database }: ReadData): Promise<Adapted> {
  const findings: Finding[] = [];
  const adapted: ExportedColumn[] = [];
  for (const column of columns) {
    let now = column;
    for (let change = changeOf(now); change !== undefined; change = changeOf(now)) {
      const [described] = await database.describe(`SELECT ${change.value} AS value FROM ${EXPORTED}`);
      const physicalType = described?.type ?? 'VARCHAR';
      await database.run(
        `ALTER TABLE ${EXPORTED} ALTER COLUMN ${identifier(now.id)} SET DATA TYPE ${physicalType} USING ${change.value}`,
      );
      findings.push(changed(dataset, now, change));
      now = { ...now, physicalType, type: columnTypeOf(physicalType) };
    }
    adapted.push(now);
  }
  return { columns: adapted, findings };
}

function changed(dataset: string, { name }: ExportedColumn, { holds, becomes }: Change): Finding {
  return {
    code: 'export-lossy',
    severity: 'info',
    message: `${name} holds ${holds}, which \`datasets\` does not read: they are written as ${becomes}.`,
    dataset,
    column: name,
  };
}
