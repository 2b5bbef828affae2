/** Findings, errors and results as text for a terminal. */
import { dirname, relative, resolve } from 'node:path';
import {
  MldataError,
  worstFirst,
  type BuildPlan,
  type BuildReport,
  type DatasetBuild,
  type Finding,
  type Location,
} from '../protocol';
import { redact, redacted } from '../engine';
import type { Console } from './console';
import { bytes, count, duration } from './numbers';
import { toolNames } from './toolNames';

const SHOWN_LOCATIONS = 10;

export function renderError(error: unknown, output: Console): void {
  if (!(error instanceof MldataError)) {
    output.line(`error: ${redact(error instanceof Error ? error.message : String(error))}`);
    output.line('This is a defect of mldata; please report it.');
    return;
  }
  const { kind, message, findings } = redacted(error);
  output.line(`${kind === 'cancelled' ? '' : 'error: '}${message}`);
  renderFindings(findings, output, '.');
}

/** @param folder what locations are relative to; `--quiet` leaves errors only */
export function renderFindings(findings: readonly Finding[], output: Console, folder: string): void {
  for (const finding of worstFirst(findings)) {
    const { severity, code, message, locations = [], suggestion, count: total } = finding;
    const say = (text: string) => {
      if (severity === 'error') output.line(text);
      else output.note(text);
    };
    const [only] = locations;
    const place = locations.length === 1 && only ? `${position(only, folder)}: ` : '';
    say(`  ${place}${severity}: ${message} [${code}]`);
    if (locations.length > 1) {
      for (const location of locations.slice(0, SHOWN_LOCATIONS))
        say(`    ${position(location, folder)}${quoted(location)}`);
      if (total !== undefined && total > locations.length)
        say(`    and ${(total - locations.length).toLocaleString()} more`);
    } else if (only?.text !== undefined) {
      say(`    ${quoted(only).trim()}`);
    }
    if (suggestion !== undefined) say(`    ${suggestion}`);
  }
}

/** As terminals make it a link: relative to the folder the person is in. */
function position({ file, line, column, row }: Location, folder: string): string {
  const name = fromHere(folder, file);
  if (line !== undefined) return `${name}:${line}${column === undefined ? '' : `:${column}`}`;
  return row === undefined ? name : `${name} row ${row}`;
}

function fromHere(folder: string, path: string): string {
  return relative(process.cwd(), resolve(folder, path)) || '.';
}

function quoted({ text }: Location): string {
  return text === undefined ? '' : `  ${JSON.stringify(text)}`;
}

export function renderReport(report: BuildReport, output: Console): void {
  for (const dataset of report.datasets) renderDataset(dataset, output, dirname(report.config));
  const skipped = report.datasets.filter(({ status }) => status === 'upToDate').map(({ dataset }) => dataset);
  if (skipped.length > 0) {
    output.note(`Skipped ${skipped.join(', ')}, because nothing changed. To build anyway, add --force.`);
  }
}

function renderDataset(build: DatasetBuild, output: Console, folder: string): void {
  if (build.status === 'failed') {
    // Some messages begin with the name, for places that show them alone.
    const message = (build.error?.message ?? '').replace(`${build.dataset}: `, '');
    output.line(`${build.dataset}: failed after ${duration(build.durationMs)}. ${message}`);
    renderFindings(build.findings, output, folder);
    return;
  }
  const read = build.inputs.reduce((sum, input) => sum + input.bytes, 0);
  const rows = build.inputs.reduce((sum, input) => sum + input.rows, 0);
  const written = build.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  if (build.status === 'upToDate') {
    output.note(`${build.dataset}: up to date, compared in ${duration(build.durationMs)}`);
    output.note(
      `  skipped  reading ${count(build.inputs.length, 'file')}, ${bytes(read)}; ` +
        `writing ${count(build.artifacts.length, 'file')}, ${bytes(written)} in ${fromHere(folder, build.output)}`,
    );
    renderTracking(build, output);
    renderBuiltDrift(build, output);
    renderFindings(build.findings, output, folder);
    return;
  }
  output.note(`${build.dataset}: built in ${duration(build.durationMs)}`);
  output.note(
    `  read     ${count(build.inputs.length, 'file')}, ${bytes(read)}, ${count(rows, 'row')}${build.rejected > 0 ? ` and ${count(build.rejected, 'row')} in quarantine` : ''}`,
  );
  if (build.reused !== undefined && build.reused > 0) {
    output.note(
      `  reused   ${build.reused.toLocaleString()} of ${count(build.inputs.length, 'file')}, as staged before`,
    );
  }
  output.note(
    `  written  ${count(build.artifacts.length, 'file')}, ${bytes(written)} in ${fromHere(folder, build.output)}`,
  );
  for (const { path, rows, bytes: size } of build.artifacts)
    output.note(`    ${path.padEnd(32)} ${count(rows, 'row').padStart(14)} ${bytes(size).padStart(10)}`);
  output.detail(
    `  steps    ${build.steps.map(({ step, durationMs }) => `${step} ${duration(durationMs)}`).join(', ')}`,
  );
  renderTracking(build, output);
  renderBuiltDrift(build, output);
  renderFindings(build.findings, output, folder);
}

function renderTracking({ tracking }: DatasetBuild, output: Console): void {
  if (tracking === undefined || tracking.paths.length === 0) return;
  const { tool, status, paths, files } = tracking;
  const what = files.length > 0 ? files.map(({ path }) => path) : paths.map(({ path }) => path);
  output.note(`  tracked  with ${toolNames[tool]}${status === 'unchanged' ? ' as before' : ''}: ${what.join(', ')}`);
}

function renderBuiltDrift({ drift }: DatasetBuild, output: Console): void {
  if (drift === undefined) return;
  const { drifted, compared, severity, drift: isDrift } = drift.summary;
  const worst = severity === 'none' ? '' : `, the worst ${severity}`;
  const verdict = isDrift ? '; the dataset drifted' : '';
  output.note(`  drift    ${drifted} of ${count(compared, 'column')} from ${drift.baseline}${worst}${verdict}`);
}

export function renderPlan(plan: BuildPlan, output: Console): void {
  for (const { dataset, inputs, steps, outputs } of plan.datasets) {
    output.line(
      `${dataset}: would read ${count(inputs.length, 'file')}, ${bytes(inputs.reduce((sum, input) => sum + (input.bytes ?? 0), 0))}`,
    );
    for (const { path, bytes: size, format } of inputs)
      output.line(`  < ${path}  ${size === undefined ? '' : `${bytes(size)}, `}${format}`);
    for (const { step, description } of steps) output.line(`  ${step.padEnd(8)} ${description}`);
    for (const path of outputs) output.line(`  > ${path}`);
  }
}
