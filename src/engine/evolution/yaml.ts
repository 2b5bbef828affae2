/** A schema as it stands in `.mldata.yaml`: a line for each column. */
import { inline } from '../../config';
import type { ColumnSpec, TableShape } from '../../protocol';
import { declarationOf } from './shape';

/** The section `schema:` of a dataset, to be pasted below its name. */
export function schemaYaml(shape: TableShape): string {
  const { columns, primaryKey, foreignKeys = [] } = declarationOf(shape);
  const lines = ['schema:'];
  const entries = Object.entries(columns);
  if (entries.length > 0) lines.push('  columns:');
  for (const [name, spec] of entries) lines.push(`    ${keyText(name)}: ${specText(spec)}`);
  if (primaryKey.length > 0)
    lines.push(`  primaryKey: ${inline(primaryKey.length === 1 ? primaryKey[0] : primaryKey)}`);
  if (foreignKeys.length > 0) lines.push('  foreignKeys:', ...foreignKeys.map((key) => `    - ${inline(key)}`));
  return `${entries.length === 0 && lines.length === 1 ? 'schema: {}' : lines.join('\n')}\n`;
}

/** Unquoted, `<<` would merge the map into the one around it. */
function keyText(name: string): string {
  return name === '<<' ? JSON.stringify(name) : inline(name);
}

function specText(spec: ColumnSpec): string {
  const { type, ...rest } = spec;
  return type !== undefined && Object.keys(rest).length === 0 ? type : inline(spec);
}
