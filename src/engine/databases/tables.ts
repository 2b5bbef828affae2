/** Which tables and views a database has. */
import type { DatabaseKind } from './address';

const ofKind: Record<DatabaseKind, string> = {
  postgres:
    'SELECT table_schema AS s, table_name AS t FROM information_schema.tables ' +
    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2",
  mariadb:
    'SELECT CASE WHEN table_schema = DATABASE() THEN NULL ELSE table_schema END AS s, table_name AS t ' +
    'FROM information_schema.tables ' +
    "WHERE table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') " +
    'AND (DATABASE() IS NULL OR table_schema = DATABASE()) ORDER BY 1, 2',
  sqlite:
    'SELECT NULL AS s, name AS t FROM sqlite_master ' +
    "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 2",
  duckdb:
    "SELECT nullif(table_schema, 'main') AS s, table_name AS t FROM information_schema.tables " +
    'WHERE table_catalog = current_database() ORDER BY 1, 2',
};

/** Its rows have a schema `s`, null where it needs no naming, and a name `t`. */
export function tablesQuery(kind: DatabaseKind): string {
  return ofKind[kind];
}

/** As a config names a table: what is no plain word stands in quotes. */
export function tableName(schema: string | null, table: string): string {
  return (schema === null ? [table] : [schema, table])
    .map((name) => (/^[^."]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`))
    .join('.');
}
