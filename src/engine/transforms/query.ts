/**
 * SELECTs that people write in steps. They are taken apart by the engine's own parser, held against lists of what may
 * stand in them, made independent of the order in which threads come by rows, and put together again.
 */
import { randomUUID } from 'node:crypto';
import { firstLine, text, type Database } from '../duckdb';
import { ExpressionError, expressionClasses, mayCall } from './expression';

/** The name of the rows in a query. */
export const INPUT = 'input';

export interface Query {
  /** SQL of the whole query; its rows come in an order that follows from them. */
  readonly sql: string;
}

type Tree = Readonly<Record<string, unknown>>;

/** Parts of a query beside its expressions. Among those left out: table functions, recursion, samples, pivots. */
const parts = new Set([
  'SELECT_NODE',
  'SET_OPERATION_NODE',
  'BASE_TABLE',
  'JOIN',
  'SUBQUERY',
  'EMPTY',
  'EXPRESSION_LIST',
  'DISTINCT_MODIFIER',
  'ORDER_MODIFIER',
  'LIMIT_MODIFIER',
  'ASCENDING',
  'DESCENDING',
  'ORDER_DEFAULT',
]);

const classes = new Set([...expressionClasses, 'SUBQUERY', 'STAR']);

/** Aggregates that come to the same whatever the order of the rows. */
const orderless = words(
  'count count_star min max bool_and bool_or bit_and bit_or bit_xor median quantile quantile_cont quantile_disc',
);
/** Those whose last digits, or choice among equals, depend on the order: they take their arguments in the order of these. */
const sorted = words(
  `sum avg mean fsum kahan_sum sumkahan favg product geomean stddev stddev_pop stddev_samp variance var_pop var_samp
  skewness kurtosis kurtosis_pop sem corr covar_pop covar_samp regr_slope regr_intercept regr_r2 entropy mode any_value
  arg_min arg_max min_by max_by argmin argmax`,
);
/** Those that are about an order, which has to be said. */
const ordered = words('list array_agg string_agg group_concat listagg first last');

/** What the parser makes of a `list` in the order of its own values, which it no longer says then. */
const sortsOfLists = words('list_sort array_sort list_reverse_sort array_reverse_sort');

/** What names of columns mean where there is no such column. */
const sessionValues = words(
  `current_catalog current_date current_role current_schema current_time current_timestamp current_user localtime
  localtimestamp session_user user`,
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

/** Throws {@link ExpressionError} for what is no SELECT over `input`, or uses what it may not. */
export async function bindQuery(database: Database, query: string): Promise<Query> {
  const row = await database.row(`SELECT json_serialize_sql(${text(query)})::VARCHAR AS tree`);
  const { tree, print } = parseTree(String(row['tree']));
  if (tree['error'] === true) throw new ExpressionError(`It is no SELECT: ${say(tree['error_message'])}.`);
  const statements = tree['statements'] as { node: Record<string, unknown> }[];
  const root = statements[0]?.node;
  if (root === undefined || statements.length > 1) throw new ExpressionError('It is more than one statement.');
  check(root, new Set([INPUT]), root);
  const sqlOf = async () => say((await database.row(`SELECT json_deserialize_sql(${text(print())}) AS sql`))['sql']);
  const sql = await sqlOf();
  const columns = await database.describe(sql).catch((error: unknown) => {
    throw new ExpressionError(firstLine(error));
  });
  checkNames(columns.map(({ name }) => name));
  const modifiers = root['modifiers'] as Tree[];
  if (isPlain(root) && !modifiers.some(({ type }) => type === 'ORDER_MODIFIER')) return { sql };
  for (const column of columns) checkOrderable(column);
  root['modifiers'] = inFullOrder(modifiers, columns.length);
  return { sql: await sqlOf() };
}

/** The modifiers with an order that leaves nothing open: what is equal in it is ordered by all columns from the left. */
function inFullOrder(modifiers: readonly Tree[], columns: number): Tree[] {
  const said = modifiers.find(({ type }) => type === 'ORDER_MODIFIER')?.['orders'] as Tree[] | undefined;
  const [only, ...more] = said ?? [];
  const isAll = more.length === 0 && meansAll((only?.['expression'] ?? {}) as Tree);
  const positions = Array.from({ length: isAll ? 0 : columns }, (_, index) => ascending(integer(index + 1)));
  const order = { type: 'ORDER_MODIFIER', orders: [...(said ?? []), ...positions] };
  const others = (limits: boolean) =>
    modifiers.filter(({ type }) => type !== 'ORDER_MODIFIER' && (type === 'LIMIT_MODIFIER') === limits);
  return [...others(false), order, ...others(true)];
}

/** Whether it is that of ORDER BY ALL, which cannot stand beside others: not some of the columns, as COLUMNS('x') is. */
function meansAll(expression: Tree): boolean {
  if (expression['class'] !== 'STAR' || expression['expr'] !== null || expression['relation_name'] !== '') return false;
  return ['exclude_list', 'qualified_exclude_list', 'replace_list', 'rename_list'].every((list) =>
    isNone(expression[list]),
  );
}

function isNone(value: unknown): boolean {
  return (value ?? null) === null || (Array.isArray(value) && value.length === 0);
}

/** Columns of one name would get others without a word. */
function checkNames(names: readonly string[]): void {
  const twin = names.find((name, index) => names.findIndex((other) => folded(other) === folded(name)) < index);
  if (twin !== undefined)
    throw new ExpressionError(`It has several columns called ${twin}. Name them apart with AS; case does not count.`);
}

/** Throws for types with values that are equal and yet not the same: their order would be open. */
function checkOrderable({ name, type }: { readonly name: string; readonly type: string }): void {
  const bare = type.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '');
  const [open] = /\bINTERVAL\b|\bTIME WITH TIME ZONE\b/.exec(bare) ?? [];
  if (open !== undefined)
    throw new ExpressionError(
      `The column ${name} is of the type ${open}, whose values have no order that leaves nothing open. Make it a text with ::VARCHAR.`,
    );
}

/** Names as the engine compares them: in any case of ASCII, and of nothing else. */
function folded(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function ascending(expression: unknown): Tree {
  return { type: 'ORDER_DEFAULT', null_order: 'ORDER_DEFAULT', expression };
}

function integer(value: number): Tree {
  const type = { id: 'INTEGER', type_info: null };
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', value: { type, is_null: false, value } };
}

/** What every clause of a query that takes rows of the input one by one is: such rows stay in their order. */
const plain: Readonly<Record<string, (clause: unknown) => boolean>> = {
  type: (type) => type === 'SELECT_NODE',
  modifiers: (modifiers) => (modifiers as Tree[]).every(({ type }) => type !== 'DISTINCT_MODIFIER'),
  cte_map: (common) => (common as { map: unknown[] }).map.length === 0,
  select_list: (list) => !hasSubquery(list) && !aggregates(list),
  from_table: (table) => (table as Tree)['type'] === 'BASE_TABLE',
  where_clause: (where) => !hasSubquery(where),
  // GROUP BY ALL has no groups of its own.
  aggregate_handling: (handling) => handling === 'STANDARD_HANDLING',
};

function isPlain(root: Tree): boolean {
  return Object.entries(root).every(([clause, value]) => (plain[clause] ?? isNone)(value));
}

function hasSubquery(value: unknown): boolean {
  return JSON.stringify(value).includes('"class":"SUBQUERY"');
}

function aggregates(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const node = value as Tree;
  if (node['class'] === 'FUNCTION' && isAggregate(nameOf(node))) return true;
  return Object.values(node).some(aggregates);
}

function isAggregate(name: string): boolean {
  return orderless.has(name) || sorted.has(name) || ordered.has(name);
}

/** Throws for what may not stand in a query, and gives aggregates the order they need. */
function check(value: unknown, tables: ReadonlySet<string>, root: Tree): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) check(each, tables, root);
    return;
  }
  const { cte_map: common, ...rest } = value as Record<string, unknown>;
  const node = value as Record<string, unknown>;
  const known = common === undefined ? tables : checkCommonTables(common, tables, root);
  if (typeof node['class'] === 'string') checkExpression(node, node['class']);
  else if (typeof node['type'] === 'string') checkPart(node, node['type'], known);
  if ('modifiers' in node) checkModifiers(node['modifiers'] as Tree[], node === root);
  for (const child of Object.values(rest)) check(child, known, root);
}

/** The tables with those of a WITH; each sees those before it. Names in a query are the same in any case. */
function checkCommonTables(common: unknown, tables: ReadonlySet<string>, root: Tree): ReadonlySet<string> {
  const known = new Set(tables);
  for (const { key, value } of (common as { map: readonly { key: string; value: unknown }[] }).map) {
    check(value, new Set(known), root);
    known.add(folded(key));
  }
  return known;
}

function checkPart(node: Tree, type: string, tables: ReadonlySet<string>): void {
  if (!parts.has(type) && !type.endsWith('_TYPE_INFO')) throw unusable(type);
  for (const clause of ['sample', 'at_clause', 'qualify']) if ((node[clause] ?? null) !== null) throw unusable(clause);
  if (type === 'BASE_TABLE') {
    const name = say(node['table_name']);
    const elsewhere = [node['schema_name'], node['catalog_name']].some((each) => each !== '');
    if (elsewhere || !tables.has(folded(name)))
      throw new ExpressionError(`There is no table ${name} to select from; the rows are called ${INPUT}.`);
  }
  if (type === 'JOIN' && !['REGULAR', 'NATURAL', 'CROSS'].includes(say(node['ref_type'])))
    throw unusable(`${say(node['ref_type'])}_JOIN`);
}

function checkModifiers(modifiers: readonly Tree[], top: boolean): void {
  for (const { type, distinct_on_targets: targets } of modifiers) {
    if (type === 'LIMIT_MODIFIER' && !top)
      throw new ExpressionError(
        'A LIMIT can only stand at the end of the query: within it, it is open which rows remain.',
      );
    if (type === 'DISTINCT_MODIFIER' && (targets as unknown[]).length > 0)
      throw new ExpressionError('DISTINCT ON cannot be used: it is open which rows remain. Use a step `deduplicate`.');
  }
}

function checkExpression(node: Record<string, unknown>, kind: string): void {
  if (!classes.has(kind)) throw unusable(kind === 'WINDOW' ? 'a window function' : kind);
  const [column, ...fields] = (node['column_names'] ?? []) as string[];
  if (column !== undefined && fields.length === 0 && sessionValues.has(column.toLowerCase()))
    throw new ExpressionError(
      `${column} is not the same every day. For a column of that name write ${INPUT}.${column}.`,
    );
  // The parser makes a function of it, which nobody wrote.
  if (kind === 'STAR' && JSON.stringify(node['expr']).includes('"class":"LAMBDA"'))
    throw new ExpressionError(
      "COLUMNS takes no function here. Write a pattern, such as COLUMNS('size_.*'), or the names.",
    );
  if (kind !== 'FUNCTION') return;
  const name = nameOf(node);
  if (sortsOfLists.has(name)) sortInside(node);
  if (!isAggregate(name)) {
    if (!mayCall(node)) throw notCallable(node);
    return;
  }
  if (node['schema'] !== '' || node['catalog'] !== '') throw notCallable(node);
  const order = node['order_bys'] as { orders: Tree[] };
  if (ordered.has(name) && order.orders.length === 0)
    throw new ExpressionError(`The function ${name} needs an order, such as ${name}(x ORDER BY y).`);
  if (orderless.has(name)) return;
  const varying = (node['children'] as Tree[]).filter((argument) => argument['class'] !== 'CONSTANT');
  order.orders = [...order.orders, ...structuredClone(varying).map(ascending)];
}

/** Gives a list that is sorted once it is made that very order. */
function sortInside({ children }: Readonly<Record<string, unknown>>): void {
  const [list] = children as Tree[];
  if (list?.['class'] !== 'FUNCTION' || !['list', 'array_agg'].includes(nameOf(list))) return;
  const order = list['order_bys'] as { orders: Tree[] };
  if (order.orders.length === 0) order.orders = structuredClone(list['children'] as Tree[]).map(ascending);
}

function nameOf(node: Tree): string {
  return say(node['function_name']).toLowerCase();
}

function notCallable(node: Tree): ExpressionError {
  return new ExpressionError(`The function ${say(node['function_name'])} cannot be used in a query of a step.`);
}

function unusable(what: string): ExpressionError {
  return new ExpressionError(`${what.toLowerCase().replaceAll('_', ' ')} cannot be used in a query of a step.`);
}

function say(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A tree whose numbers keep all their digits, which those of JavaScript would not: they are texts until it is printed. */
function parseTree(json: string): { tree: Tree; print: () => string } {
  const mark = randomUUID();
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  const tree = JSON.parse(marked) as Tree;
  return { tree, print: () => JSON.stringify(tree).replace(new RegExp(`"${mark}([^"]*)"`, 'g'), '$1') };
}
