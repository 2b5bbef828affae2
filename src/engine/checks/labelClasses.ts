/** Classes: how often each occurs, in all rows and in each split. */
import type { LabelsParameters } from '../../config';
import { text, type Database } from '../duckdb';
import { figure, percent, rowsOf } from '../words';
import { MAX_SAMPLES } from '../../protocol';
import type { CheckContext, CheckFinding } from './check';
import { firstRows } from './firstRows';
import type { Narrowed } from './narrowed';
import { atMost, exceeded } from './severity';
import { labelOf, type Target } from './target';

/** Classes of which each is looked at; more are summarised. */
const MAX_CLASSES = 100;

/** What is said of the classes by themselves. */
export async function classFindings(
  context: CheckContext,
  looked: Narrowed,
  target: Target,
  parameters: LabelsParameters,
): Promise<CheckFinding[]> {
  const { database } = context;
  const items = itemsOf(looked, target);
  await database.run(`CREATE OR REPLACE TEMP TABLE ${COUNTS} AS ${countsOf(items)}`);
  try {
    return await findingsOf(context, parameters, { target, items });
  } finally {
    await database.run(`DROP TABLE ${COUNTS}`);
  }
}

/** One row for each class: `y`, how often it occurs as `n`, and in each split. */
const COUNTS = 'label_counts';

interface Classes {
  readonly target: Target;
  /** SQL of a relation with a row for each label: `y`, `__row`, `__split`. */
  readonly items: string;
}

function itemsOf({ relation }: Narrowed, target: Target): string {
  const label = target.kind === 'lists' ? `unnest(${labelOf(target)})` : labelOf(target);
  return `(SELECT * FROM (SELECT ${label} AS y, __row, __split FROM ${relation}) WHERE y IS NOT NULL)`;
}

function countsOf(items: string): string {
  const splits = ['train', 'validation', 'test'].map(
    (name) => `count(*) FILTER (WHERE __split = ${text(name)}) AS ${name}`,
  );
  return `SELECT y, CAST(y AS VARCHAR) AS value, count(*) AS n, ${splits.join(', ')} FROM ${items} GROUP BY y`;
}

interface Counted {
  readonly value: string;
  readonly rows: number;
}

/** The classes for which a condition holds, and those among them that come first. */
async function classesWhere(
  database: Database,
  condition: string,
  { rows = 'n', order = 'n DESC' } = {},
): Promise<{ readonly classes: number; readonly rows: number; readonly first: readonly Counted[] }> {
  const found = await database.rows(
    `SELECT left(value, 200) AS value, ${rows} AS n, count(*) OVER () AS classes, sum(${rows}) OVER ()::BIGINT AS total ` +
      `FROM ${COUNTS} WHERE ${condition} ORDER BY ${order}, value LIMIT ${MAX_SAMPLES}`,
  );
  return {
    classes: Number(found[0]?.['classes'] ?? 0),
    rows: Number(found[0]?.['total'] ?? 0),
    first: found.map((row) => ({ value: String(row['value']), rows: Number(row['n']) })),
  };
}

async function findingsOf(
  context: CheckContext,
  parameters: LabelsParameters,
  classes: Classes,
): Promise<CheckFinding[]> {
  const { database } = context;
  const { name } = classes.target.column;
  const all = await classesWhere(database, 'true');
  const [largest] = all.first;
  if (!largest) return [noLabels(name)];
  if (all.classes === 1) return [singleClass(name, largest)];
  const [smallest = largest] = (await classesWhere(database, 'true', { order: 'n' })).first;
  return [
    ...imbalance(name, largest, smallest, parameters),
    ...(await rareClasses(context, parameters, classes)),
    ...(await unseenClasses(context, parameters, classes)),
    classCounts(classes.target, all),
  ];
}

export function at(name: string): Pick<CheckFinding, 'column' | 'configPath'> {
  return { column: name, configPath: ['schema', 'columns', name] };
}

export function noLabels(name: string): CheckFinding {
  return {
    code: 'single-class',
    severity: 'error',
    message: `${name} has no labels.`,
    ...at(name),
    suggestion: 'Find out why it is empty, or give another column the role `target`.',
  };
}

export function singleClass(name: string, { value, rows }: Counted): CheckFinding {
  return {
    code: 'single-class',
    severity: 'error',
    message: `${name} has one class only: \`${value}\` in ${rowsOf(rows)}.`,
    ...at(name),
    suggestion: 'There is nothing to tell apart: add rows of another class, or give another column the role `target`.',
  };
}

function imbalance(
  name: string,
  largest: Counted,
  smallest: Counted,
  { maxImbalance }: LabelsParameters,
): CheckFinding[] {
  const ratio = largest.rows / smallest.rows;
  const worse = exceeded(maxImbalance, ratio);
  if (!worse) return [];
  return [
    {
      code: 'imbalanced-labels',
      severity: worse.severity,
      ...atMost(worse.limit, ratio, (rows) => `${figure(rows)} to 1`),
      message: `The most frequent class of ${name}, \`${largest.value}\`, has ${figure(ratio)} rows for each of the least frequent, \`${smallest.value}\` (${largest.rows} and ${smallest.rows}; at most ${worse.limit} to 1 is expected).`,
      ...at(name),
      suggestion: `Keep the shares of its classes in every split with \`stratify\`, judge a model by more than accuracy, or put rare classes together with \`map\`.`,
    },
  ];
}

async function rareClasses(
  context: CheckContext,
  { minPerClass }: LabelsParameters,
  { target, items }: Classes,
): Promise<CheckFinding[]> {
  const { name } = target.column;
  for (const [severity, least] of [
    ['error', minPerClass.error],
    ['warning', minPerClass.warn],
  ] as const) {
    if (least === undefined) continue;
    const condition = `n < ${least}`;
    const rare = await classesWhere(context.database, condition, { order: 'n' });
    if (rare.classes === 0) continue;
    const shown = await firstRows(context, ofClasses(items, condition), target.column.id);
    return [
      {
        code: 'rare-labels',
        severity,
        message: `${rare.classes === 1 ? '1 class' : `${rare.classes} classes`} of ${name} ${rare.classes === 1 ? 'has' : 'have'} fewer than ${rowsOf(least)}: ${listed(rare.first, rare.classes)}.`,
        ...at(name),
        count: rare.classes,
        ...(shown.locations && { locations: shown.locations }),
        samples: rare.first.map(({ value }) => value),
        suggestion: `Add rows of them, put them together with \`map\`, or leave them out with \`filter\`.`,
      },
    ];
  }
  return [];
}

async function unseenClasses(
  context: CheckContext,
  { unseen }: LabelsParameters,
  { target, items }: Classes,
): Promise<CheckFinding[]> {
  const { database, splits } = context;
  if (!splits.includes('train')) return [];
  const { name, id } = target.column;
  const findings: CheckFinding[] = [];
  for (const split of splits.filter((each) => each !== 'train')) {
    const condition = `train = 0 AND ${split} > 0`;
    const found = await classesWhere(database, condition, { rows: split, order: `${split} DESC` });
    if (found.classes === 0) continue;
    const { n } = await database.row(`SELECT count(DISTINCT __row) AS n FROM ${items} WHERE __split = ${text(split)}`);
    const { rows } = await database.row(
      `SELECT count(DISTINCT __row) AS rows FROM ${items} WHERE __split = ${text(split)} AND ${inClasses(condition)}`,
    );
    const share = Number(rows) / Number(n);
    const worse = exceeded(unseen, share);
    if (!worse) continue;
    const shown = await firstRows(context, `__split = ${text(split)} AND ${ofClasses(items, condition)}`, id);
    findings.push({
      code: 'unseen-labels',
      severity: worse.severity,
      ...atMost(worse.limit, share, percent),
      message: `${rowsOf(Number(rows))} of ${split} (${percent(share)}) ${Number(rows) === 1 ? 'has' : 'have'} a class of ${name} that is not in train: ${listed(found.first, found.classes)}.`,
      ...at(name),
      split,
      count: Number(rows),
      ...(shown.locations && { locations: shown.locations }),
      samples: found.first.map(({ value }) => value),
      suggestion: `No model can learn them: split with \`stratify\`, add rows of them, or put them together with \`map\`.`,
    });
  }
  return findings;
}

/** SQL condition on a label, and on a row that has one: its class is one of those. */
function inClasses(condition: string): string {
  return `y IN (SELECT y FROM ${COUNTS} WHERE ${condition})`;
}

function ofClasses(items: string, condition: string): string {
  return `__row IN (SELECT __row FROM ${items} WHERE ${inClasses(condition)})`;
}

function listed(classes: readonly Counted[], all: number): string {
  const some = classes.map(({ value, rows }) => `\`${value}\` (${rows})`).join(', ');
  return all > classes.length ? `${some} and ${all - classes.length} more` : some;
}

function classCounts(
  { column: { name }, kind }: Target,
  { classes, rows, first }: { readonly classes: number; readonly rows: number; readonly first: readonly Counted[] },
): CheckFinding {
  const shown = first.reduce((sum, one) => sum + one.rows, 0);
  const what = kind === 'lists' ? `${classes} labels, ${rows} in all` : `${classes} classes in ${rowsOf(rows)}`;
  const list = first.map((one) => `\`${one.value}\` ${one.rows} (${percent(one.rows / rows)})`).join(', ');
  const message =
    classes > MAX_CLASSES
      ? `${name} has ${what}; the ${first.length} most frequent make up ${percent(shown / rows)} of them.`
      : `${name} has ${what}: ${list}${classes > first.length ? ` and ${classes - first.length} more` : ''}.`;
  return {
    code: 'label-counts',
    severity: 'info',
    message,
    ...at(name),
    count: classes,
    samples: first.map(({ value }) => value),
    ...(classes > MAX_CLASSES && {
      suggestion: `If ${name} is an amount, declare it as a number without \`enum\`; if classes belong together, say so with \`map\`.`,
    }),
  };
}
