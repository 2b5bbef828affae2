/**
 * What of a build is worth comparing between commits, as `dvc metrics diff` and `dvc plots` read it: numbers only, and
 * nothing of when or where it was built, so that the same build is the same file.
 */
import type { BuiltDrift, Manifest } from '../../../protocol';
import type { StageOutput } from './stage';

/** Relative to the folder of the build, as the others here. */
export const METRICS_FILE = 'reports/metrics.json';
const SPLITS_FILE = 'reports/splits.csv';
const MISSING_FILE = 'reports/missing.csv';

/** A plot shows no more columns; those that miss most come first. */
const PLOTTED_COLUMNS = 50;

/** The files that are plotted, with how DVC plots them. */
export function plotsOf({ splits }: Pick<Manifest, 'splits'>): StageOutput[] {
  const bars = { cache: false, persist: true, template: 'bar_horizontal' };
  const missing = { ...bars, x: 'share', y: 'column', title: 'Share of rows without a value' };
  return [
    ...(splits.length > 0 ? [{ path: SPLITS_FILE, options: { ...bars, x: 'rows', y: 'split', title: 'Rows' } }] : []),
    { path: MISSING_FILE, options: missing },
  ];
}

/** The texts of all these files, by path. */
export function metricsTexts(manifest: Manifest, drift: BuiltDrift | undefined): ReadonlyMap<string, string> {
  return new Map([
    [METRICS_FILE, `${JSON.stringify(metricsOf(manifest, drift), null, 2)}\n`],
    ...(manifest.splits.length > 0 ? [[SPLITS_FILE, splitsText(manifest)] as const] : []),
    [MISSING_FILE, missingText(manifest)],
  ]);
}

function metricsOf(manifest: Manifest, drift: BuiltDrift | undefined): Readonly<Record<string, unknown>> {
  const { rows, inputs, columns, splits, findings, checked } = manifest;
  const severity = (wanted: string) => findings.filter((finding) => finding.severity === wanted).length;
  const cells = rows * columns.length;
  const missing = columns.reduce((sum, column) => sum + (column.missing ?? 0), 0);
  return {
    rows,
    rejected: inputs.reduce((sum, { rejected }) => sum + rejected, 0),
    columns: columns.length,
    missing: cells === 0 ? 0 : share(missing / cells),
    ...(splits.length > 0 && { splits: Object.fromEntries(splits.map((split) => [split.name, split.rows])) }),
    findings: { errors: severity('error'), warnings: severity('warning'), infos: severity('info') },
    ...(checked && { checks: { errors: checked.errors, warnings: checked.warnings } }),
    ...(drift && { drift: { columns: drift.summary.drifted, share: share(drift.summary.share) } }),
  };
}

function splitsText({ splits }: Manifest): string {
  return csv(
    ['split', 'rows'],
    splits.map(({ name, rows }) => [name, String(rows)]),
  );
}

function missingText({ rows, columns }: Manifest): string {
  const most = columns
    .map(({ name, missing = 0 }) => ({ name, missing }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing)
    .slice(0, PLOTTED_COLUMNS);
  return csv(
    ['column', 'share'],
    most.map(({ name, missing }) => [name, String(share(missing / rows))]),
  );
}

/** As many digits as somebody reads. */
function share(value: number): number {
  return Number(value.toPrecision(6));
}

function csv(header: readonly string[], lines: readonly (readonly string[])[]): string {
  return [header, ...lines].map((line) => `${line.map(field).join(',')}\n`).join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text;
}
