/** What a dataset is held against, by which measures, and from when on that is told. Nothing that is built depends on it. */
import { posix, win32 } from 'node:path';
import {
  driftMeasures,
  isTest,
  type ConfigPath,
  type DriftAlerts,
  type DriftBins,
  type DriftColumnSpec,
  type DriftMeasure,
  type DriftSpec,
  type Levels,
  type TableSchema,
  type WebhookSpec,
} from '../protocol';
import { driftThresholds } from './driftDefaults';
import { faultOfWebhook } from './webhooks';
import { section, type DatasetLayers } from './layers';
import { nearest } from './nearest';
import { checkPath } from './paths';
import type { Report } from './problem';
import { asList, parseShare } from './shorthands';
import type { WrittenBins, WrittenDrift } from './writtenDrift';

type WrittenColumn = NonNullable<WrittenDrift['columns']>[string];
type WrittenAlerts = NonNullable<WrittenDrift['alerts']>;
type Fault = (at: ConfigPath, message: string, suggestion: string) => void;

/** Reports what is wrong in one `drift` section by itself, whether of a dataset or of `defaults`. */
export function checkDrift(written: WrittenDrift, path: ConfigPath, report: Report): void {
  const fault: Fault = (at, message, suggestion) => {
    const problem = { code: 'drift-parameter', severity: 'error', part: 'value' } as const;
    report({ ...problem, message, suggestion, path: [...path, ...at] });
  };
  for (const measure of driftMeasures) {
    const levels = written.thresholds?.[measure];
    if (levels) checkLevels(measure, levelsOf(levels), ['thresholds', measure], fault);
  }
  checkBins(written.bins, ['bins'], fault);
  for (const [name, column] of Object.entries(written.columns ?? {})) {
    const { method, thresholds, bins } = column;
    if (method && thresholds) checkLevels(method, thresholds, ['columns', name, 'thresholds'], fault);
    checkBins(bins, ['columns', name, 'bins'], fault);
  }
  if (written.baseline !== undefined) checkPath(written.baseline, [...path, 'baseline'], report);
  for (const [index, { url }] of webhooksOf(written.alerts?.webhooks).entries()) {
    const [message, suggestion] = faultOfWebhook(url) ?? [];
    if (message !== undefined && suggestion !== undefined) fault(['alerts', 'webhooks', index], message, suggestion);
  }
  const log = written.alerts?.log;
  if (log === undefined) return;
  checkPath(log, [...path, 'alerts', 'log'], report);
  if (posix.isAbsolute(log) || win32.isAbsolute(log)) {
    const suggestion = 'Write a path relative to this config, such as `drift-alerts.jsonl`.';
    fault(['alerts', 'log'], 'The log of alerts lies in the workspace, not at an absolute path.', suggestion);
  }
}

function checkLevels(measure: DriftMeasure, [low, medium, high]: Levels, at: ConfigPath, fault: Fault): void {
  if (isTest(measure)) {
    if (low >= medium && medium >= high && low <= 1) return;
    const message = `A smaller p-value is more drift: those of \`${measure}\` fall, and are 1 at most.`;
    fault(at, message, `Write them from the largest to the smallest: ${listed([low, medium, high], (a, b) => b - a)}.`);
    return;
  }
  if (low <= medium && medium <= high) return;
  const message = `The levels of \`${measure}\` do not rise.`;
  fault(at, message, `Write them from the smallest to the largest: ${listed([low, medium, high], (a, b) => a - b)}.`);
}

function listed(levels: readonly number[], order: (a: number, b: number) => number): string {
  return `\`[${levels.toSorted(order).join(', ')}]\``;
}

function checkBins(bins: WrittenBins | undefined, at: ConfigPath, fault: Fault): void {
  if (bins === undefined || typeof bins === 'number') return;
  const [way, second] = (['quantile', 'width', 'edges'] as const).filter((key) => bins[key] !== undefined);
  if (way === undefined) fault(at, 'Nothing says which bins.', 'Write `quantile`, `width` or `edges`.');
  if (way !== undefined && second !== undefined)
    fault([...at, second], `\`${way}\` and \`${second}\` exclude each other.`, 'Remove one of them.');
  const edges = bins.edges ?? [];
  const fallen = edges.findIndex((edge, index) => index > 0 && edge <= (edges[index - 1] ?? edge));
  if (fallen > 0)
    fault(
      [...at, 'edges', fallen],
      `The edge ${edges[fallen]} is not above the one before it.`,
      'Write edges that rise.',
    );
}

/**
 * What is written, the dataset's own keys over those of `defaults`; of thresholds and columns each by itself. Reports what
 * does not go together. Undefined where nothing is written.
 * @param schema the columns that are compared, as far as the config tells them
 */
export function resolveDrift(layers: DatasetLayers, schema: TableSchema, report: Report): DriftSpec | undefined {
  const { own, base } = layers;
  if (own.drift === undefined && base.drift === undefined) return undefined;
  const written: WrittenDrift = { ...base.drift, ...own.drift };
  const thresholds = { ...base.drift?.thresholds, ...own.drift?.thresholds };
  const columns = { ...base.drift?.columns, ...own.drift?.columns };
  checkTogether({ ...written, thresholds, columns }, layers, report);
  checkColumns({ ...written, columns }, layers, schema, report);
  const { baseline, preset, method, bins, epsilon, correction, share, window, alerts } = written;
  const measured = Object.entries(thresholds).flatMap(([measure, levels]) =>
    levels === undefined ? [] : [[measure, levelsOf(levels)] as const],
  );
  const compared = Object.entries(columns).map(([name, column]) => [name, columnOf(column)] as const);
  return {
    ...(baseline !== undefined && { baseline }),
    ...(preset && { preset }),
    ...(method && { method }),
    ...(measured.length > 0 && { thresholds: Object.fromEntries(measured) }),
    ...(bins !== undefined && { bins: binsOf(bins) }),
    ...(epsilon !== undefined && { epsilon }),
    ...(correction && { correction }),
    ...(share !== undefined && { share: parseShare(share) }),
    ...(compared.length > 0 && { columns: Object.fromEntries(compared) }),
    ...(window && { window: { column: window.column, by: window.by ?? 'month' } }),
    ...(alerts && { alerts: alertsOf(alerts) }),
  };
}

function columnOf({ method, thresholds, bins, importance, muted }: WrittenColumn): DriftColumnSpec {
  return {
    ...(method && { method }),
    ...(thresholds && { thresholds }),
    ...(bins !== undefined && { bins: binsOf(bins) }),
    ...(importance !== undefined && { importance }),
    ...(muted !== undefined && { muted }),
  };
}

function alertsOf({ command, log, webhooks, level }: WrittenAlerts): DriftAlerts {
  return {
    ...(command !== undefined && { command: asList(command) }),
    ...(log !== undefined && { log }),
    ...(webhooks !== undefined && { webhooks: webhooksOf(webhooks) }),
    ...(level && { level }),
  };
}

function webhooksOf(written: WrittenAlerts['webhooks']): WebhookSpec[] {
  if (written === undefined) return [];
  return asList(written).map((webhook) => {
    if (typeof webhook === 'string') return { url: webhook };
    const { url, format } = webhook;
    return { url, ...(format && { format }) };
  });
}

function levelsOf([low, medium, high]: readonly [number | string, number | string, number | string]): Levels {
  return [parseShare(low), parseShare(medium), parseShare(high)];
}

/** A number of bins is one of quantiles. */
function binsOf(written: WrittenBins): DriftBins {
  if (typeof written === 'number') return { by: 'quantile', count: written };
  const { quantile, width, edges } = written;
  if (edges) return { by: 'edges', edges };
  return width === undefined ? { by: 'quantile', count: quantile ?? 10 } : { by: 'width', count: width };
}

/** Where a column of the section is written. */
function columnAt({ name, own }: DatasetLayers, column: string): ConfigPath {
  const isOwn = Object.hasOwn(own.drift?.columns ?? {}, column);
  return [...(isOwn ? ['datasets', name] : ['defaults']), 'drift', 'columns', column];
}

/** Reports what is known to be wrong only with both layers. */
function checkTogether(written: WrittenDrift, layers: DatasetLayers, report: Report): void {
  const problem = { code: 'drift-parameter', part: 'value', dataset: layers.name } as const;
  const { where } = section(layers, 'drift');
  const { method, thresholds = {}, columns = {} } = written;
  const lacksLevels = (measure: DriftMeasure) =>
    !Object.hasOwn(driftThresholds, measure) && thresholds[measure] === undefined;
  const inUnits = (measure: DriftMeasure, at: ConfigPath, say: string) => {
    const message = `\`${measure}\` is in the units of the column, so that nothing says how much is drift.`;
    report({ ...problem, severity: 'error', message, suggestion: say, path: at });
  };
  if (method !== undefined && method !== 'auto' && lacksLevels(method)) {
    const suggestion = `Write \`thresholds: { ${method}: [low, medium, high] }\`, or take \`wassersteinNormalized\`.`;
    inUnits(method, where('method'), suggestion);
  }
  for (const [name, column] of Object.entries(columns)) {
    const at = columnAt(layers, name);
    if (column.method && column.thresholds === undefined && lacksLevels(column.method)) {
      inUnits(
        column.method,
        [...at, 'method'],
        'Write `thresholds: [low, medium, high]`, or take `wassersteinNormalized`.',
      );
    }
    const isChosen = column.method === undefined && (method === undefined || method === 'auto');
    if (column.thresholds && isChosen) {
      const message = `The thresholds of \`${name}\` belong to no measure: which one decides is chosen from the data.`;
      const suggestion = 'Write the `method` of the column too.';
      report({ ...problem, severity: 'error', message, suggestion, path: [...at, 'thresholds'] });
    }
  }
  if (layers.own.drift?.alerts && written.baseline === undefined) {
    const message = 'Without `baseline` a build is compared with nothing, and nobody is alerted.';
    const suggestion = 'Write `baseline: previous`, or a tag, a version or a path.';
    report({ ...problem, severity: 'warning', message, suggestion, path: where('alerts'), part: 'key' });
  }
}

/** Reports columns that there are not. Where others than those that are declared may be there it is a warning. */
function checkColumns(
  { columns = {}, window }: WrittenDrift,
  layers: DatasetLayers,
  { columns: declared, extraColumns }: TableSchema,
  report: Report,
): void {
  const names = Object.keys(declared);
  const check = (name: string, path: ConfigPath, part: 'key' | 'value') => {
    if (names.length === 0 || names.includes(name)) return;
    const meant = nearest(name, names);
    report({
      code: 'unknown-column',
      severity: extraColumns === 'error' ? 'error' : 'warning',
      message: `\`drift\` names the column \`${name}\`, which is not declared under \`columns\` and made by no step.`,
      suggestion: meant === undefined ? `Declare \`${name}\`.` : `Did you mean \`${meant}\`?`,
      path,
      part,
      dataset: layers.name,
    });
  };
  for (const name of Object.keys(columns)) check(name, columnAt(layers, name), 'key');
  if (window) check(window.column, [...section(layers, 'drift').where('window'), 'column'], 'value');
}
