/** Which datasets are made from which, and the order that follows from it. */
import { splitNames, type ConfigPath, type DatasetSpec, type SourceSpec, type SplitName } from '../protocol';
import { nearest } from './nearest';
import { normalizeFolder } from './paths';
import type { Report } from './problem';
import { besideOf } from './steps';

/** Another dataset as a source: all of its build, or one split. */
export interface DatasetSource {
  readonly dataset: string;
  readonly split?: SplitName;
}

/** A place in a dataset that names another one. */
interface Reference extends DatasetSource {
  /** Within the dataset, resolved: an entry of a list has its number. */
  readonly at: ConfigPath;
}

const SCHEME = 'dataset://';

/** Whether a path is meant to name a dataset; `datasetSource` says which. */
export function isDatasetPath(path: string): boolean {
  return path.toLowerCase().startsWith(SCHEME);
}

/** What `dataset://name` or `dataset://name/train` names; undefined for any other path. */
export function datasetSource(path: string): DatasetSource | undefined {
  if (!path.startsWith(SCHEME)) return undefined;
  const [dataset = '', split, ...more] = path.slice(SCHEME.length).split('/');
  if (dataset === '' || more.length > 0) return undefined;
  if (split === undefined) return { dataset };
  const known = splitNames.find((name) => name === split);
  return known && { dataset, split: known };
}

/** Whether a source is files as its path names them: neither another dataset nor what is fetched. */
export function isOfFiles({ path, fetch }: SourceSpec): boolean {
  return fetch === undefined && datasetSource(path) === undefined;
}

/** Every place of a dataset that names another one, in the order of the config. */
function referencesOf({ source, transforms = [] }: DatasetSpec): Reference[] {
  const places = [
    ...source.map(({ path }, index) => ({ path, at: ['source', index] })),
    ...transforms.flatMap((step, index) =>
      (besideOf(step)?.entries ?? []).map(({ path, at }) => ({
        path,
        at: ['transforms', index, step.transform, ...at],
      })),
    ),
  ];
  return places.flatMap(({ path, at }) => {
    const named = datasetSource(path);
    return named ? [{ ...named, at }] : [];
  });
}

/** The datasets that one is made from, each once. */
export function dependenciesOf(spec: DatasetSpec): string[] {
  return [...new Set(referencesOf(spec).map(({ dataset }) => dataset))];
}

/** The names with all that they are made from. */
export function withDependencies(names: Iterable<string>, specs: readonly DatasetSpec[]): Set<string> {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const needed = new Set(names);
  // A set that grows while it is gone through is gone through to its end.
  for (const name of needed) {
    const spec = byName.get(name);
    if (spec) for (const other of dependenciesOf(spec)) needed.add(other);
  }
  return needed;
}

/** What a dataset is made from comes before it; else the order stays. Those of a circle, and what needs them, are left out. */
export function inBuildOrder(specs: readonly DatasetSpec[]): DatasetSpec[] {
  const names = new Set(specs.map(({ name }) => name));
  const ordered = new Set<DatasetSpec>();
  const done = new Set<string>();
  let waiting = specs.map((spec) => ({ spec, needs: dependenciesOf(spec).filter((name) => names.has(name)) }));
  for (let before = -1; ordered.size > before;) {
    before = ordered.size;
    const still: typeof waiting = [];
    for (const one of waiting) {
      if (one.needs.every((name) => done.has(name))) {
        ordered.add(one.spec);
        done.add(one.spec.name);
      } else still.push(one);
    }
    waiting = still;
  }
  return [...ordered];
}

/** The folders of the builds that a dataset is made from; undefined: it is made from files only. */
export function foldersOf(spec: DatasetSpec, specs: readonly DatasetSpec[]): Record<string, string> | undefined {
  const needed = new Set(dependenciesOf(spec));
  if (needed.size === 0) return undefined;
  return Object.fromEntries(
    specs.filter(({ name }) => needed.has(name)).map(({ name, output }) => [name, output.path]),
  );
}

/** Whether paths of a dataset may lead to files of another one's build, which their names alone do not rule out. */
export function readsFolderOf({ source, transforms = [], split }: DatasetSpec, other: DatasetSpec): boolean {
  const target = stepsOf(other.output.path);
  const beside = transforms.flatMap((step) => besideOf(step)?.entries ?? []);
  const paths = [...source, ...beside].map(({ path }) => path);
  return [...paths, ...(split?.indices === undefined ? [] : [split.indices])].some((path) => {
    if (isDatasetPath(path)) return false;
    const parts = stepsOf(path);
    const dynamic = parts.findIndex((part) => /[*?{}[\]()!+@]/.test(part));
    const fixed = dynamic === -1 ? parts : parts.slice(0, dynamic);
    const common = Math.min(fixed.length, target.length);
    if (fixed.slice(0, common).join('/') !== target.slice(0, common).join('/')) return false;
    // A pattern reaches as deep as it has parts, a folder or `**` all the way.
    return dynamic === -1 || parts.some((part) => part.includes('**')) || parts.length > target.length;
  });
}

function stepsOf(path: string): string[] {
  return normalizeFolder(path)
    .split('/')
    .filter((step) => step !== '');
}

export interface DependencyContext {
  /** Every dataset of the config, also those that are not among the specs because of what is wrong in them. */
  readonly names: readonly string[];
  /** Where a place within a dataset is written. */
  readonly where: (dataset: string, at: ConfigPath) => ConfigPath;
}

/** Reports datasets that are not there or have no such split, and those that are made from themselves. */
export function checkDependencies(
  specs: readonly DatasetSpec[],
  { names, where }: DependencyContext,
  report: Report,
): void {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const sound = new Set(inBuildOrder(specs));
  for (const spec of specs) {
    for (const { dataset, split, at } of referencesOf(spec)) {
      const place = { path: where(spec.name, at), part: 'value', dataset: spec.name, severity: 'error' } as const;
      const other = byName.get(dataset);
      if (!names.includes(dataset)) {
        const meant = nearest(dataset, names);
        report({
          ...place,
          code: 'unknown-dataset',
          message: `There is no dataset \`${dataset}\`.`,
          suggestion: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean \`${meant}\`?`,
        });
      } else if (split !== undefined && other && !other.split) {
        report({
          ...place,
          code: 'unknown-dataset',
          message: `The dataset \`${dataset}\` is not split: it has no \`${split}\`.`,
          suggestion: `Write \`${SCHEME}${dataset}\`, or give \`${dataset}\` a \`split\`.`,
        });
      } else if (!sound.has(spec)) {
        const way = wayTo(spec.name, dataset, byName);
        if (!way) continue;
        report({
          ...place,
          code: 'dataset-cycle',
          message: `\`${spec.name}\` would be made from itself: ${[spec.name, ...way].join(' → ')}.`,
          suggestion: 'Take one of them out of the circle: give it files as its source.',
        });
      }
    }
  }
}

/** The shortest way from a dataset along what each is made from, both ends included. */
function wayTo(end: string, from: string, specs: ReadonlyMap<string, DatasetSpec>): string[] | undefined {
  const seen = new Set([from]);
  let ways = [[from]];
  while (ways.length > 0) {
    const arrived = ways.find((way) => way.at(-1) === end);
    if (arrived) return arrived;
    ways = ways.flatMap((way) => {
      const spec = specs.get(way.at(-1) ?? '');
      const next = spec ? dependenciesOf(spec).filter((name) => !seen.has(name)) : [];
      for (const name of next) seen.add(name);
      return next.map((name) => [...way, name]);
    });
  }
  return undefined;
}
