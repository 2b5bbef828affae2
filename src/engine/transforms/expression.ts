/**
 * SQL expressions that people write in steps. They are taken apart by the engine's own parser, held against lists of
 * what may stand in them, and put together again with the ids of the columns: no text of theirs reaches a statement.
 */
import { nearest } from '../../config';
import { firstLine, text, type Database } from '../duckdb';
import { pureFunctions } from './pureFunctions';

/** The rows that an expression is about. */
interface Table {
  /** SQL name of a relation with the columns by their ids. */
  readonly relation: string;
  readonly columns: readonly { readonly name: string; readonly id: string }[];
}

/** What is wrong with an expression, in a sentence. */
export class ExpressionError extends Error {}

/** Kinds of nodes that only compute. Among those left out: subqueries, windows, stars, parameters. */
export const expressionClasses: ReadonlySet<string> = new Set([
  'BETWEEN',
  'CASE',
  'CAST',
  'COLUMN_REF',
  'COMPARISON',
  'CONJUNCTION',
  'CONSTANT',
  'FUNCTION',
  'OPERATOR',
]);

interface Node {
  readonly class?: string;
  readonly type?: string;
  readonly function_name?: string;
  readonly schema?: string;
  readonly catalog?: string;
  readonly distinct?: boolean;
  readonly column_names?: readonly string[];
}

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: SelectNode }[];
}

interface SelectNode {
  readonly type: string;
  readonly select_list: readonly Node[];
  readonly from_table: { readonly type: string };
  readonly [clause: string]: unknown;
}

/**
 * SQL over the ids of the table's columns.
 * @param type the engine type that the value is cast to
 * Throws {@link ExpressionError} for what is no expression, uses what it may not, or does not suit the columns.
 */
export async function bindExpression(
  database: Database,
  expression: string,
  table: Table,
  type?: 'BOOLEAN',
): Promise<string> {
  const { tree, node } = await parse(database, expression);
  for (const inner of nodesOf(node.select_list)) check(inner, table);
  const row = await database.row(`SELECT json_deserialize_sql(${text(byIds(tree, table))}) AS sql`);
  const bare = String(row['sql']).replace(/^SELECT /, '');
  const bound = type === undefined ? `(${bare})` : `CAST((${bare}) AS ${type})`;
  try {
    await database.describe(`SELECT ${bound} AS value FROM ${table.relation} AS t`);
  } catch (error) {
    throw new ExpressionError(inNames(firstLine(error), table));
  }
  return bound;
}

/** Throws for what is not one expression: the parser takes whole statements, and a bracket too many makes one. */
async function parse(database: Database, expression: string): Promise<{ tree: string; node: SelectNode }> {
  const row = await database.row(`SELECT json_serialize_sql(${text(`SELECT (${expression}\n)`)})::VARCHAR AS tree`);
  const tree = String(row['tree']);
  const { error, error_message: why, statements = [] } = JSON.parse(tree) as Serialized;
  if (error) throw new ExpressionError(`It is no SQL expression: ${why ?? 'it cannot be read'}.`);
  const [statement] = statements;
  const node = statement?.node;
  const plain =
    statements.length === 1 &&
    node?.type === 'SELECT_NODE' &&
    node.select_list.length === 1 &&
    node.from_table.type === 'EMPTY' &&
    ['where_clause', 'having', 'qualify', 'sample'].every((clause) => node[clause] === null) &&
    ['modifiers', 'group_expressions'].every((clause) => (node[clause] as unknown[]).length === 0);
  if (!plain) throw new ExpressionError('It is more than one expression.');
  return { tree, node };
}

/**
 * The tree with the ids of the columns for their names. It is changed as text, because JavaScript's numbers would not
 * hold all of those in it; inside a string the quotes of this pattern would be escaped.
 */
function byIds(tree: string, table: Table): string {
  return tree.replace(/"column_names":(\[(?:"(?:[^"\\]|\\.)*",?)*\])/g, (_, names: string) => {
    const [name = '', ...fields] = JSON.parse(names) as string[];
    return `"column_names":${JSON.stringify([columnOf(name, table)?.id ?? name, ...fields])}`;
  });
}

function columnOf(name: string, { columns }: Table) {
  const lower = name.toLowerCase();
  return columns.find((each) => each.name === name) ?? columns.find((each) => each.name.toLowerCase() === lower);
}

/** Every node of the tree, wherever the parser hangs it. */
function* nodesOf(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && 'class' in value) yield value as Node;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** Throws for what may not stand in an expression. */
function check(node: Node, table: Table): void {
  const kind = node.class ?? '';
  if (!expressionClasses.has(kind))
    throw new ExpressionError(`${kind.toLowerCase().replaceAll('_', ' ')} cannot be used in an expression.`);
  if (kind === 'FUNCTION' && !mayCall(node))
    throw new ExpressionError(`The function ${node.function_name ?? ''} cannot be used in an expression.`);
  const [name] = node.column_names ?? [];
  if (name === undefined || columnOf(name, table)) return;
  const meant = nearest(
    name,
    table.columns.map((each) => each.name),
  );
  throw new ExpressionError(`There is no column ${name} here.${meant === undefined ? '' : ` Did you mean ${meant}?`}`);
}

/** Whether a node calls a function of those that only compute. */
export function mayCall({ function_name: name = '', schema = '', catalog = '', distinct }: Node): boolean {
  return pureFunctions.has(name.toLowerCase()) && ['', 'main'].includes(schema) && catalog === '' && distinct !== true;
}

/** A message of the engine with the names of the columns instead of their ids. */
export function inNames(message: string, { columns }: Pick<Table, 'columns'>): string {
  return message.replace(
    /(?<![\w"'])"?(c\d+)"?(?![\w"'])/g,
    (whole, id: string) => columns.find((column) => column.id === id)?.name ?? whole,
  );
}
