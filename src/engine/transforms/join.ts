import { nearest } from '../../config';
import { joinedName, joinKeys, type join as declared } from '../../config/transforms/join';
import { listed, numeric, textual } from '../../config/transforms/transform';
import { MAX_SAMPLES, type ColumnType } from '../../protocol';
import { text, type Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { StepError, type StepProblem } from './stepError';
import { columnNamed, type Change, type NewColumn, type Side, type Table } from './table';
import type { ParametersOf, Unfitted } from './transform';

type Parameters = ParametersOf<typeof declared>;

/** A column here, called `t`, and one there, called `s`, that have to agree. */
interface Pair {
  readonly here: StageColumn;
  readonly there: StageColumn;
}

/** As SQL and pandas join, but that no row becomes several unawares, and that a missing key agrees with nothing. */
export const join: Unfitted<Parameters> = {
  apply: async (parameters, table, { database, side }): Promise<Change> => {
    if (!side) throw new Error('A join needs another file');
    const pairs = pairsOf(parameters, table, side);
    const added = addedColumns(parameters, table, side);
    if (!parameters.many) await refuseSeveral(pairs, side, database);
    const agree = pairs.map(({ here, there }) => `t.${here.id} = s.${there.id}`).join(' AND ');
    const found = await database.row(
      `SELECT count(*) AS rows FROM ${table.relation} AS t SEMI JOIN ${side.relation} AS s ON ${agree}`,
    );
    return {
      columns: [...table.columns, ...added],
      joins: [`LEFT JOIN ${side.relation} AS s ON ${agree}`],
      ...(parameters.how === 'inner' && { where: 's.id IS NOT NULL' }),
      ...(parameters.many && { order: ['t.id', 's.id'], detached: true }),
      ...(found['rows'] === 0n && { warnings: [nothingFound(parameters, side)] }),
    };
  },
};

function pairsOf({ on }: Parameters, table: Table, side: Side): Pair[] {
  return joinKeys(on).map(({ here: name, there: other, at }) => {
    const here = columnNamed(table, name);
    const there = columnThere(side, other, at);
    const said = [there.type, ...(side.held.get(other) ?? [])].find((type) => !comparable(here.type, type));
    if (said !== undefined)
      throw new StepError({
        code: 'transform-step',
        at,
        column: name,
        message: `The column \`${name}\` is of type ${here.type}, and \`${other}\` of ${side.name} of type ${said}: they agree nowhere.`,
        suggestion: `Cast \`${name}\` first with a step \`cast\`, or store \`${other}\` in the other type.`,
      });
    return { here, there };
  });
}

function comparable(one: ColumnType, other: ColumnType): boolean {
  return one === other || [numeric, textual].some((types) => types.includes(one) && types.includes(other));
}

function columnThere(side: Side, name: string, at: StepProblem['at']): StageColumn {
  const column = side.columns.find((each) => each.name === name);
  if (column && side.held.has(name)) return column;
  const names = [...side.held.keys()];
  const meant = nearest(name, names);
  throw new StepError({
    code: 'transform-step',
    at,
    column: name,
    message: `${side.name} has no column \`${name}\`.`,
    suggestion: meant === undefined ? `It has ${listed(names)}.` : `Did you mean \`${meant}\`?`,
  });
}

function addedColumns(parameters: Parameters, table: Table, side: Side): NewColumn[] {
  const { on, columns } = parameters;
  const keys = new Set(joinKeys(on).map(({ there }) => there));
  const chosen =
    columns === undefined
      ? side.columns.filter(({ name }) => !keys.has(name))
      : [columns]
          .flat()
          .map((name, index) =>
            columnThere(side, name, typeof columns === 'string' ? ['columns'] : ['columns', index]),
          );
  const taken = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
  return chosen.map(({ name, id, type }) => {
    const made = joinedName(name, parameters);
    const twin = taken.get(made.toLowerCase());
    if (twin !== undefined)
      throw new StepError({
        code: 'transform-step',
        at: [],
        column: made,
        message: `The column \`${name}\` of ${side.name} would be called \`${made}\`, and there already is a column \`${twin}\`.`,
        suggestion: 'Give the columns of the join a `prefix` or a `suffix`, or name the wanted ones in `columns`.',
      });
    taken.set(made.toLowerCase(), made);
    return { name: made, value: `s.${id}`, type };
  });
}

async function refuseSeveral(pairs: readonly Pair[], side: Side, database: Database): Promise<void> {
  const ids = pairs.map(({ there }) => there.id);
  const groups =
    `SELECT count(*) AS rows, min(id) AS first, ${ids.map((id) => `min(CAST(${id} AS VARCHAR)) AS ${id}`).join(', ')} ` +
    `FROM ${side.relation} WHERE ${ids.map((id) => `${id} IS NOT NULL`).join(' AND ')} GROUP BY ${ids.map((id) => `${side.relation}.${id}`).join(', ')} HAVING count(*) > 1`;
  const found = await database.row(`SELECT count(*) AS keys FROM (${groups})`);
  const count = Number(found['keys']);
  if (count === 0) return;
  const shown = pairs.map(
    ({ there }) => `left(${pairs.length === 1 ? '' : `${text(`${there.name}=`)} || `}${there.id}, 200)`,
  );
  const samples = await database.rows(
    `SELECT concat_ws(', ', ${shown.join(', ')}) || ' (' || rows || ' rows)' AS sample FROM (${groups}) ORDER BY first LIMIT ${MAX_SAMPLES}`,
  );
  const names = listed(pairs.map(({ there }) => `\`${there.name}\``));
  const examples = samples.map((row) => String(row['sample']));
  throw new StepError({
    code: 'transform-values',
    at: ['on'],
    count,
    samples: examples,
    message: `${side.name} has several rows with the same ${names}, for ${count === 1 ? '1 key' : `${count} keys`}, such as ${examples[0] ?? ''}: rows would become several.`,
    suggestion:
      'Leave one row for each key there, name more columns in `on`, or say `many: true` if rows are to stand several times.',
  });
}

function nothingFound({ how }: Parameters, { name }: Side): StepProblem {
  return {
    code: 'join-nothing',
    at: ['on'],
    message: `No row finds anything in ${name}${how === 'left' ? '; all that is added is missing' : ''}.`,
    suggestion: 'Check that `on` names the columns that belong together, and that they are written the same way.',
  };
}
