/** How many values of each column are missing: nulls, NaN, empty texts, and what stands for a missing value. */
import { thresholdFor, type MissingParameters } from '../../config';
import { literal, textList } from '../duckdb';
import { isNumeric } from '../schema';
import { percent, step, valuesOf } from '../words';
import type { Check, CheckContext, CheckedColumn, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { missingByTarget } from './missingByTarget';
import { atMost, exceeded } from './severity';

/** What people and programs write where they have no value. A dataset may mean it, so that it is a hint and counts nothing. */
const usualTokens = ['na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '?', '-', '--', '.', 'missing'];
const usualNumbers = [-999, -9999, -99_999];

export const missing: Check<MissingParameters> = {
  name: 'missing',
  run: async (context, { thresholds, tokens, where: written }) => {
    const { rows, columns, aggregate } = context;
    const where = written === undefined ? undefined : await context.bind(written, ['where'], 'BOOLEAN');
    const among = (condition: string) => (where === undefined ? condition : `${where} AND (${condition})`);
    const count = async (condition: string) => Number(await aggregate(`count_if(${among(condition)})`));
    const looked = where === undefined ? rows : Number(await aggregate(`count_if(${where})`));
    if (looked === 0) return { skipped: rows === 0 ? 'There are no rows.' : 'No row meets the condition.' };

    const counted = await Promise.all(
      columns.map(async (column) => {
        const absent = isMissing(column, tokens ?? []);
        const doubtful = tokens !== undefined ? undefined : looksMissing(column);
        const [missingRows, doubtfulRows] = await Promise.all([count(absent), doubtful ? count(doubtful) : 0]);
        return { column, absent, missing: missingRows, doubtful, doubtfulRows };
      }),
    );
    const findings: CheckFinding[] = [];
    for (const { column, absent, missing: missingRows, doubtful, doubtfulRows } of counted) {
      const threshold = thresholdFor(thresholds, column.name);
      const worse = exceeded(threshold, missingRows / looked);
      if (worse) {
        const { locations } = await firstRows(context, among(absent));
        const finding = { ...missingFinding(column, missingRows, looked, worse.limit), severity: worse.severity };
        findings.push({ ...finding, ...(locations && { locations }) });
      }
      if (doubtful !== undefined && exceeded(threshold, doubtfulRows / looked))
        findings.push(await placeholderFinding(context, column, among(doubtful), doubtfulRows, looked));
    }
    const gaps = counted.filter((one) => one.missing > 0 && one.missing < looked);
    findings.push(...(await missingByTarget(context, gaps, where)));
    return { findings };
  },
};

const isFloat = ({ physicalType }: CheckedColumn): boolean => /^(DOUBLE|FLOAT)$/.test(physicalType);

/** SQL that is true for a row without a value. */
function isMissing(column: CheckedColumn, tokens: readonly string[]): string {
  const { id, physicalType } = column;
  const conditions = [`${id} IS NULL`];
  if (isFloat(column)) conditions.push(`isnan(${id})`);
  if (physicalType === 'VARCHAR') conditions.push(`trim(${id}) IN (${['', ...tokens].map(literal).join(', ')})`);
  const numbers = tokens.map((token) => (token.trim() === '' ? NaN : Number(token))).filter(Number.isFinite);
  if (isNumeric(physicalType) && numbers.length > 0) conditions.push(`${id} IN (${numbers.join(', ')})`);
  return conditions.join(' OR ');
}

/** SQL that is true for a row whose value is one that often stands for none; undefined for types that have none. */
function looksMissing(column: CheckedColumn): string | undefined {
  const { id, physicalType } = column;
  // Longer texts are told apart without being read.
  if (physicalType === 'VARCHAR')
    return `strlen(${id}) <= 9 AND list_contains(${textList(usualTokens)}, lower(trim(${id})))`;
  return isNumeric(physicalType) ? `${id} IN (${usualNumbers.join(', ')})` : undefined;
}

function missingFinding(
  { name }: CheckedColumn,
  count: number,
  rows: number,
  limit: number,
): Omit<CheckFinding, 'severity'> {
  const column = { column: name, count, configPath: ['schema', 'columns', name] };
  if (count === rows)
    return {
      ...column,
      code: 'empty-column',
      message: `${name} has no value at all.`,
      suggestion: `Find out why it is empty, or leave it out with ${step('drop', name)}.`,
    };
  return {
    ...column,
    code: 'missing-values',
    ...atMost(limit, count / rows, percent),
    message: `${valuesOf(count)} of ${name} ${count === 1 ? 'is' : 'are'} missing (${percent(count / rows)} of the rows; at most ${percent(limit)} may be).`,
    suggestion: `Fill them with ${step('fill_missing', name)}, leave their rows out with ${step('drop_missing', name)}, or allow more of them under \`checks.missing.columns\`.`,
  };
}

async function placeholderFinding(
  context: CheckContext,
  { id, name }: CheckedColumn,
  condition: string,
  count: number,
  rows: number,
): Promise<CheckFinding> {
  const shown = await firstRows(context, condition, id);
  const values = (shown.samples ?? []).map((value) => `\`${value}\``).join(', ');
  return {
    code: 'missing-placeholders',
    severity: 'warning',
    message: `${valuesOf(count)} of ${name} ${count === 1 ? 'is' : 'are'} ${values}, which often ${count === 1 ? 'stands' : 'stand'} for a missing value (${percent(count / rows)} of the rows).`,
    column: name,
    count,
    ...shown,
    suggestion:
      'If they do, name them as `nullValues` of the source, or as `tokens` of this check. If not, say `tokens: []`.',
    configPath: ['schema', 'columns', name],
  };
}
