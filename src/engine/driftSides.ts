/** What a comparison holds against each other: from what somebody named to the files with the rows. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { dataTarget, unknownSplit } from './dataTarget';
import { readConfig } from './readConfig';
import { configOf, type RowsTarget } from './rows';
import { rootOf } from './run';
import { confinedPath } from './sources';
import { readUserConfig } from './userLayer';
import {
  bytesMissing,
  idOf,
  knownOf,
  missingFiles,
  placeOf,
  resolved,
  splitReference,
  tagged,
  type Known,
} from './versions';
import { MldataError, versionAliases, type DatasetSpec, type DriftRequest } from '../protocol';

export interface DriftSides {
  readonly baseline: RowsTarget;
  readonly current: RowsTarget;
  /** What the config says of the dataset on one of the sides: of the current one first. */
  readonly spec?: DatasetSpec;
}

interface Named {
  readonly reference: string;
  /** Only this split. */
  readonly split: string | undefined;
  /** What the other side was named. */
  readonly other: string | undefined;
}

/**
 * A side is, in this order, a version (`NAME@VERSION`, or an alias or tag of the dataset on the other side), a dataset, a
 * build or files, or the id of a version of the dataset on the other side. Without a baseline it is what the config says of
 * the current dataset, or that dataset itself where only the split differs.
 * Throws `baseline-missing` where there is none, what `dataTarget` throws, and what finding versions throws.
 */
export async function driftSides(request: DriftRequest): Promise<DriftSides> {
  const { current: named, baselineSplit, currentSplit } = request;
  const asked = request.baseline ?? (baselineSplit === undefined ? undefined : named);
  const current = await sideOf(request, { reference: named, split: currentSplit, other: asked });
  const reference = asked ?? baselineOf(current, named);
  const side = { reference, split: baselineSplit, other: named };
  const baseline = asked === undefined ? await configuredSide(request, current, side) : await sideOf(request, side);
  const spec = specOf(current) ?? specOf(baseline);
  return {
    baseline: asKnown(baseline, current),
    current: asKnown(current, baseline),
    ...(spec && { spec }),
  };
}

/** What a CSV file holds is guessed: `007` is a number, and `NA` a text, unless the dataset on the other side knows better. */
function asKnown(target: RowsTarget, other: RowsTarget): RowsTarget {
  if (target.of !== 'files' || other.of === 'files') return target;
  const columns =
    other.of === 'build'
      ? other.manifest.columns
      : Object.entries(other.spec.schema.columns).map(([name, { type }]) => ({ name, type }));
  const texts = columns.filter(({ type }) => type === 'string').map(({ name }) => name);
  const nullValues = configOf(other)?.source.flatMap(({ options }) => options.nullValues ?? []) ?? [];
  const source = target.source.map((entry) => ({
    ...entry,
    options: { ...entry.options, nullValues: [...new Set(nullValues)] },
  }));
  return { ...target, ...(nullValues.length > 0 && { source }), ...(texts.length > 0 && { texts }) };
}

/** What the config says, where the target is a dataset of it. */
function specOf(target: RowsTarget): DatasetSpec | undefined {
  return target.of === 'files' ? undefined : target.spec;
}

function baselineOf(current: RowsTarget, named: string): string {
  const said = configOf(current)?.drift?.baseline;
  if (said !== undefined) return said;
  throw new MldataError(
    'usage',
    'baseline-missing',
    `Nothing says what ${named} is to be held against. Name it, as in \`mldata drift previous ${named}\`, or set \`drift.baseline\` in the config.`,
  );
}

/** What a config names lies where the config does, and not outside. */
async function configuredSide(request: DriftRequest, current: RowsTarget, side: Named): Promise<RowsTarget> {
  const { configPath, allowOutsidePaths } = request;
  const folder = configPath === undefined ? request.folder : dirname(configPath);
  const other = current.of === 'files' ? current.name : resolve(request.folder, side.other ?? '');
  // A build that is named by its folder is named from elsewhere now.
  const isPath = (await stat(other).catch(() => undefined)) !== undefined;
  const baseline = await sideOf({ ...request, folder }, { ...side, other: isPath ? other : side.other });
  const root =
    configPath === undefined ? undefined : rootOf({ configPath, ...(allowOutsidePaths && { allowOutsidePaths }) });
  if (baseline.of === 'files') await confinedPath(folder, side.reference, root, ['datasets', current.name, 'drift']);
  return baseline;
}

async function sideOf(request: DriftRequest, { reference, split, other }: Named): Promise<RowsTarget> {
  const { folder, configPath } = request;
  const isThere = (await stat(resolve(folder, reference)).catch(() => undefined)) !== undefined;
  if (!isThere && splitReference(reference).target !== reference) {
    const known = await knownOf(await placeOf(at(request, reference)));
    return versionOf(request, known, { name: splitReference(reference).name, split });
  }
  const known = other === undefined ? undefined : await versionsBeside(request, other);
  if (known && (versionAliases.some((alias) => alias === reference) || tagged(known.file.content, reference))) {
    return versionOf(request, known, { name: reference, split });
  }
  try {
    const target = await dataTarget({
      target: reference,
      folder,
      ...(configPath !== undefined && { configPath }),
      ...(split !== undefined && { split }),
    });
    return await withSpec(request, target);
  } catch (error) {
    const isUnknown = error instanceof MldataError && error.code === 'target-unknown';
    if (!isUnknown || isThere || !known || !/^[0-9a-f]+$/.test(reference)) throw error;
    return versionOf(request, known, { name: reference, split });
  }
}

function at({ configPath, folder }: DriftRequest, reference: string) {
  return { reference, folder, ...(configPath !== undefined && { configPath }) };
}

/** The versions of the dataset or build on the other side; undefined where that is neither. */
async function versionsBeside(request: DriftRequest, other: string): Promise<Known | undefined> {
  try {
    return await knownOf(await placeOf(at(request, splitReference(other).target)));
  } catch (error) {
    // What is wrong with the other side is told of it.
    if (error instanceof MldataError) return undefined;
    throw error;
  }
}

/** Throws `version-unknown`, `version-ambiguous`, `version-bytes-missing`, `split-unknown`, and `baseline-missing`. */
async function versionOf(
  request: DriftRequest,
  known: Known,
  { name, split }: { readonly name: string; readonly split: string | undefined },
): Promise<RowsTarget> {
  const { dataset } = known.place;
  const id = versionCalled(known, name);
  const version = await resolved(known, id);
  const { manifest, files } = version;
  const data = manifest.artifacts.filter(({ kind }) => kind === 'data');
  const splits = [...new Set(data.flatMap((file) => file.split ?? []))];
  const reference = `${dataset}@${name}`;
  if (split !== undefined && !splits.includes(split)) throw unknownSplit(reference, split, splits);
  const isWhole = (format: string | undefined) => data.every((file) => file.format !== format || files.has(file.path));
  if (!data.some(({ format }) => isWhole(format))) throw bytesMissing(dataset, id, missingFiles(version));
  return withSpec(request, {
    name: reference,
    of: 'build',
    manifest,
    files: Object.fromEntries(files),
    ...(split !== undefined && { split }),
    configFolder: known.place.folder,
  });
}

function versionCalled(known: Known, name: string): string {
  try {
    return idOf(known, name);
  } catch (error) {
    if (name !== 'previous' || !(error instanceof MldataError) || error.code !== 'version-unknown') throw error;
    const { dataset } = known.place;
    throw new MldataError(
      'usage',
      'baseline-missing',
      `${dataset} has no previous version, so that there is nothing to hold it against. Build it again once its data or its config is another, or name another baseline: a tag, a version, or files.`,
    );
  }
}

/** With what the config says of a build that was named otherwise than by its dataset. */
async function withSpec({ configPath }: DriftRequest, target: RowsTarget): Promise<RowsTarget> {
  if (target.of !== 'build' || target.spec !== undefined || configPath === undefined) return target;
  if (target.configFolder !== dirname(configPath)) return target;
  const { dataset } = target.manifest;
  try {
    const { datasets } = await readConfig({ configPath, names: [dataset] }, await readUserConfig());
    const spec = datasets.find(({ name }) => name === dataset);
    return spec ? { ...target, spec } : target;
  } catch (error) {
    // A build is whole whatever is wrong with the config beside it.
    if (error instanceof MldataError) return target;
    throw error;
  }
}
