/** The way from the text of a config to its datasets and findings. */
import type { ConfigPath, DatasetSpec, Finding, Location } from '../protocol';
import { readDocument } from './document';
import type { ConfigDocument } from './document';
import { locator } from './lines';
import type { TextRange } from './lines';
import { nearest } from './nearest';
import { checkFolders } from './output';
import type { Problem } from './problem';
import { checkLayer, resolveDataset } from './resolve';
import { checkShape, isRecord } from './shape';
import { section } from './layers';
import type { DatasetLayers } from './layers';
import { writtenSchema } from './written';
import type { WrittenColumn, WrittenDataset } from './written';

export interface ParsedConfig {
  /** As given; the `file` of every location. */
  readonly path: string;
  readonly text: string;
  /** Errors and warnings in the order of the text, each located. */
  readonly findings: readonly Finding[];
  /** What can be built: datasets without an error in them, in `defaults` or at the root. */
  readonly datasets: readonly DatasetSpec[];
  /** Every key under `datasets` in its order, valid or not. */
  readonly datasetNames: readonly string[];
  /** Where an entry is written, or its nearest ancestor that is; undefined in an empty file. */
  locate(path: ConfigPath, part?: 'key' | 'value'): Location | undefined;
}

/** As many as an editor shows for one file. */
const MAX_FINDINGS = 1000;

const example = 'Start with `version: 1`, then `datasets:` with a name and a `source:` for each dataset.';

/** Reads the text of a config. Never throws: everything that is wrong is a finding. */
export function parseConfig(text: string, path: string): ParsedConfig {
  // An editor doesn't count the byte order mark as a column.
  const body = text.replace(/^\uFEFF/, '');
  const locate = locator(body, path);
  const document = readDocument(body);
  const hasContent = document.data !== undefined && document.data !== null;

  const found: Found[] = [];
  const add = (finding: Finding, range: TextRange): void => void found.push({ finding, range });
  let datasets: DatasetSpec[] = [];
  for (const { range, ...problem } of document.problems) add({ severity: 'error', ...problem }, range);
  if (document.problems.length === 0) {
    if (hasContent) {
      const result = readDatasets(document.data);
      ({ datasets } = result);
      for (const problem of result.problems) add(findingOf(problem), placeOf(problem, document));
    } else {
      const message = 'The config is empty.';
      add({ code: 'empty-config', severity: 'error', message, suggestion: example }, document.rangeOf([], 'value'));
    }
  }
  const names = isRecord(document.data) && isRecord(document.data['datasets']) ? document.data['datasets'] : {};
  return {
    path,
    text,
    findings: shown(found).map(({ finding, range }) => ({ ...finding, locations: [locate(range)] })),
    datasets,
    datasetNames: Object.keys(names),
    locate: (at, part = 'value') => (hasContent ? locate(document.rangeOf(at, part)) : undefined),
  };
}

interface Found {
  readonly finding: Finding;
  readonly range: TextRange;
}

/** In the order of the text; of too many, errors rather than warnings. */
function shown(found: readonly Found[]): Found[] {
  const isError = ({ finding }: Found): boolean => finding.severity === 'error';
  const worstFirst = [...found.filter(isError), ...found.filter((one) => !isError(one))];
  return worstFirst.slice(0, MAX_FINDINGS).sort((a, b) => a.range.start - b.range.start);
}

/** The range to underline. What is missing at the root is shown on its first key: not on the whole file. */
function placeOf({ path, part }: Problem, document: ConfigDocument): TextRange {
  if (path.length > 0 || part === 'value' || !isRecord(document.data)) return document.rangeOf(path, part);
  return document.rangeOf(Object.keys(document.data).slice(0, 1), 'key');
}

function findingOf({ code, severity, message, suggestion, path, ...problem }: Problem): Finding {
  const dataset = problem.dataset ?? (path[0] === 'datasets' ? path[1] : undefined);
  const columnAt = path[0] === 'datasets' ? 4 : 3;
  const column = path[columnAt - 1] === 'columns' && path[columnAt - 2] === 'schema' ? path[columnAt] : undefined;
  return {
    code,
    severity,
    message,
    ...(dataset !== undefined && { dataset: String(dataset) }),
    ...(column !== undefined && { column: String(column) }),
    ...(suggestion !== undefined && { suggestion }),
    configPath: [...path],
  };
}

function readDatasets(data: unknown): { datasets: DatasetSpec[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const faults = new Faults();
  const report = (problem: Problem): void => {
    problems.push(problem);
    if (problem.severity === 'error') faults.add(problem);
  };

  checkShape(writtenSchema, data, [], report);
  if (!isRecord(data)) return { datasets: [], problems };
  const written = isRecord(data['datasets']) ? data['datasets'] : {};
  if (isRecord(data['datasets']) && Object.keys(written).length === 0) {
    report({
      code: 'no-datasets',
      severity: 'error',
      message: 'The config declares no dataset.',
      suggestion: 'Add one under `datasets`: a name, and below it `source:` with the path of its data.',
      path: ['datasets'],
      part: 'key',
    });
  }
  const base = soundPart(data['defaults'], ['defaults'], faults);
  checkLayer(base, ['defaults'], report);

  const specs: DatasetSpec[] = [];
  const layersOf = new Map<string, DatasetLayers>();
  for (const [name, dataset] of Object.entries(written)) {
    if (!isRecord(dataset)) continue;
    const path = ['datasets', name];
    const layers = { name, own: soundPart(dataset, path, faults), base };
    checkLayer(layers.own, path, report);
    const spec = resolveDataset(layers, report);
    const meant = Object.keys(dataset).some((key) => nearest(key, ['source']) !== undefined);
    if (!meant && base.source === undefined && !faults.has(['defaults', 'source'])) {
      report({
        code: 'missing-key',
        severity: 'error',
        message: `The dataset \`${name}\` has no source.`,
        suggestion: 'Add `source:` with the path of its data.',
        path,
        part: 'key',
      });
    }
    if (!spec) continue;
    specs.push(spec);
    layersOf.set(name, layers);
  }
  const outputs = specs.map((spec) => {
    const layers = layersOf.get(spec.name);
    const at =
      layers && layers.own.output?.path !== undefined
        ? section(layers, 'output').where('path')
        : ['datasets', spec.name];
    return { dataset: spec.name, path: spec.output.path, at };
  });
  checkFolders(outputs, report);
  return { datasets: faults.everywhere ? [] : specs.filter((spec) => !faults.has(['datasets', spec.name])), problems };
}

/** Where errors are, so that a part is not judged when something in it is known to be wrong. */
class Faults {
  private readonly prefixes = new Set<string>();
  /** Whether an error concerns every dataset. */
  everywhere = false;

  add({ path, dataset }: Problem): void {
    for (let length = 1; length <= path.length; length += 1) this.prefixes.add(JSON.stringify(path.slice(0, length)));
    if (dataset !== undefined) this.prefixes.add(JSON.stringify(['datasets', dataset]));
    else if (path[0] !== 'datasets' || path.length === 1) this.everywhere = true;
  }

  has(path: ConfigPath): boolean {
    return this.prefixes.has(JSON.stringify(path));
  }
}

/** The sections and columns of a dataset that have the written form. */
function soundPart(written: unknown, path: ConfigPath, faults: Faults): WrittenDataset {
  if (!isRecord(written)) return {};
  const part: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    if (!faults.has([...path, key])) part[key] = value;
    else if (key === 'schema' && isRecord(value)) part[key] = soundSchema(value, [...path, key], faults);
  }
  // The walk over the schema has found nothing wrong in what is left.
  return part;
}

function soundSchema(schema: Record<string, unknown>, path: ConfigPath, faults: Faults): Record<string, unknown> {
  const sound = Object.entries(schema).filter(([key]) => !faults.has([...path, key]));
  const columns = schema['columns'];
  if (!isRecord(columns)) return Object.fromEntries(sound);
  // A column with a fault in it is still a column that others may name.
  const known = Object.entries(columns).map(([name, column]) => [
    name,
    faults.has([...path, 'columns', name]) ? {} : column,
  ]);
  return { ...Object.fromEntries(sound), columns: Object.fromEntries(known) as Record<string, WrittenColumn> };
}
