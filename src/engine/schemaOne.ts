/** The schema of what somebody names, what changed between two of them, and how it came to be. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { dataTarget } from './dataTarget';
import { asSeen, compatibilityOf, schemaChanges, schemaYaml, shapeOfManifest } from './evolution';
import { runSchema, runSchemaDiff } from './jobMessages';
import { runJob } from './jobProcess';
import { versionId } from './manifest';
import { buildFolder } from './named';
import type { RowsTarget } from './rows';
import type { Run } from './run';
import { writeSchema } from './schemaConfig';
import type { SchemaSideJob } from './schemaRows';
import { openScratch } from './scratch';
import { documentHead } from './version';
import {
  knownOf,
  placeOf,
  placesOf,
  resolveVersion,
  splitReference,
  tagged,
  tagsOf,
  type Known,
  type ResolvedVersion,
} from './versions';
import {
  MldataError,
  versionAliases,
  type Manifest,
  type SchemaDiff,
  type SchemaDiffRequest,
  type SchemaDocument,
  type SchemaHistory,
  type SchemaHistoryRequest,
  type SchemaLoss,
  type SchemaRequest,
  type SchemaSide,
  type TableShape,
} from '../protocol';

type SchemaRun = Pick<Run, 'jobEntry' | 'limits' | 'signal'>;
type Request = Pick<SchemaDiffRequest, 'configPath' | 'folder' | 'allowOutsidePaths'>;

interface NamedSide extends SchemaSideJob {
  readonly side: SchemaSide;
}

/** A schema that was found, and the rows that it is of. */
export interface NamedSchema {
  readonly side: SchemaSide;
  readonly shape: TableShape;
  /** Absent: the rows are not there. */
  readonly target: RowsTarget | undefined;
  readonly losses?: readonly SchemaLoss[];
}

/** Throws what finding and reading the rows throws. */
export async function namedSchema(
  run: SchemaRun,
  request: Request & Pick<SchemaRequest, 'target' | 'infer'>,
): Promise<NamedSchema> {
  const { target: reference, infer = false } = request;
  const { side, target, shape } = infer ? await sourceSide(request, reference) : await sideOf(request, reference);
  if (!infer && shape !== undefined) return { side, target, shape };
  if (target === undefined) throw new Error(`${reference} has neither rows nor a schema`);
  const found = await readRows(run, request, target, infer);
  const losses = (found.nullValues ?? []).map(nullValueLoss);
  return { side: { ...side, rows: found.rows }, target, shape: found.shape, ...(losses.length > 0 && { losses }) };
}

/** Without it, a build would find texts among numbers. */
function nullValueLoss(value: string): SchemaLoss {
  const message = `${JSON.stringify(value)} was taken for a missing value, which is said of files: write it under \`source.options.nullValues\`.`;
  return { key: 'nullValues', how: 'lost', message };
}

export async function schemaOf(run: SchemaRun, request: SchemaRequest): Promise<SchemaDocument> {
  const { infer = false, into, configPath } = request;
  const { side, shape, losses } = await namedSchema(run, request);
  return {
    ...documentHead('mldata/schema'),
    ...side,
    ...shape,
    ...((infer || into !== undefined) && { yaml: schemaYaml(shape) }),
    ...(losses && { losses: [...losses] }),
    ...(into !== undefined && { written: await writeSchema(shape, { configPath, dataset: into }) }),
  };
}

async function readRows({ jobEntry, limits, signal }: SchemaRun, request: Request, target: RowsTarget, infer: boolean) {
  const { folder: scratch, release } = await openScratch(request.configPath);
  try {
    const job = { spec: { name: target.name }, target, scratch, infer, ...limits };
    return await runJob(jobEntry, runSchema, job, () => undefined, signal);
  } finally {
    await release();
  }
}

export async function schemaDiffOf(
  { jobEntry, limits, signal }: SchemaRun,
  request: SchemaDiffRequest,
): Promise<SchemaDiff> {
  const before = await sideOf(request, request.before, request.after);
  const after = await sideOf(request, request.after, request.before);
  const { folder: scratch, release } = await openScratch(request.configPath);
  try {
    const spec = { name: `${request.before} and ${request.after}` };
    const job = { spec, before: jobOf(before), after: jobOf(after), scratch, ...limits };
    const compared = await runJob(jobEntry, runSchemaDiff, job, () => undefined, signal);
    // Of files nothing is declared, which is no change of what is.
    const isOfFiles = before.side.of === 'files' || after.side.of === 'files';
    const shown = (shape: TableShape) => (isOfFiles ? asSeen(shape) : shape);
    const changes = schemaChanges(shown(compared.before), shown(compared.after), compared.suspicions);
    const missing = [before, after].find(({ target }) => target === undefined);
    return {
      ...documentHead('mldata/schema-diff'),
      before: { ...before.side, ...(compared.rows.before !== undefined && { rows: compared.rows.before }) },
      after: { ...after.side, ...(compared.rows.after !== undefined && { rows: compared.rows.after }) },
      compatibility: compatibilityOf(changes),
      changes,
      values: compared.compared
        ? 'compared'
        : `Files of ${missing?.side.reference ?? 'one side'} are not on this machine: whether columns were renamed or units changed is not told.`,
    };
  } finally {
    await release();
  }
}

function jobOf({ target, shape }: NamedSide): SchemaSideJob {
  return { ...(target && { target }), ...(shape && { shape }) };
}

/** Newest first. Throws `not-built` for a dataset without any version, and what reading its versions throws. */
export async function schemaHistoryOf({ target, ...place }: SchemaHistoryRequest): Promise<SchemaHistory> {
  const [found] = await placesOf({ ...place, targets: [target] });
  if (!found) throw new Error(`${target} was found and nothing was said of it`);
  const known = await knownOf(found);
  const { content } = known.file;
  // Both sides of a merge may have built the same.
  const entries = [...new Map(content.versions.map((entry) => [entry.id, entry])).values()];
  if (entries.length === 0)
    throw new MldataError(
      'buildFailed',
      'not-built',
      `${target} has no version yet. Build it: \`mldata build ${target}\`.`,
    );
  const versions: SchemaHistory['versions'] = [];
  let last: { readonly id: string; readonly shape: TableShape } | undefined;
  for (const { id, createdAt, rows } of entries) {
    const manifest = await manifestOf(known, id);
    const shape = manifest && shapeOfManifest(manifest);
    const changes = last && shape ? schemaChanges(last.shape, shape) : [];
    versions.push({
      ...{ id, createdAt, rows, current: known.standing?.id === id, tags: tagsOf(content, id) },
      ...(shape && { columns: shape.columns.length }),
      ...(last && shape && { since: last.id, compatibility: compatibilityOf(changes) }),
      changes,
    });
    if (shape) last = { id, shape };
  }
  return { ...documentHead('mldata/schema-history'), dataset: found.dataset, versions: versions.toReversed() };
}

async function manifestOf({ place, standing }: Known, id: string): Promise<Manifest | undefined> {
  return standing?.id === id ? standing.manifest : (await place.store.recordOf(id))?.manifest;
}

/** What somebody wants inferred is read from its sources, but for builds that are named by their folders. */
async function sourceSide(request: Request, reference: string): Promise<NamedSide> {
  const isBuild = (await buildFolder(resolve(request.folder, reference))) !== undefined;
  const target = await dataTarget({ ...placeIn(request), target: reference, ...(!isBuild && { source: true }) });
  return { side: { reference, dataset: target.name, of: target.of }, target };
}

function placeIn({ configPath, folder, allowOutsidePaths }: Request) {
  return {
    folder,
    ...(configPath !== undefined && { configPath }),
    ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
  };
}

/**
 * `NAME@VERSION`, a dataset, a build or files; `previous`, `current` and tags alone are versions of the dataset on the
 * other side. A version whose bytes are gone still has its schema.
 */
async function sideOf(request: Request, reference: string, other?: string): Promise<NamedSide> {
  const place = placeIn(request);
  const isThere = (await stat(resolve(request.folder, reference)).catch(() => undefined)) !== undefined;
  if (!isThere && splitReference(reference).target !== reference) {
    return versionSide(reference, await resolveVersion({ ...place, reference }));
  }
  const beside = isThere || other === undefined ? undefined : await versionBeside(request, reference, other);
  if (beside !== undefined) return versionSide(reference, await resolveVersion({ ...place, reference: beside }));
  const target = await dataTarget({ ...place, target: reference });
  const side = { reference, dataset: target.name, of: target.of };
  if (target.of !== 'build') return { side, target };
  const { manifest } = target;
  return { side: { ...side, ...builtSide(manifest) }, ...withRows(target), shape: shapeOfManifest(manifest) };
}

/** The reference of a version of the dataset on the other side, where the name is one of its aliases or tags. */
async function versionBeside(request: Request, name: string, other: string): Promise<string | undefined> {
  const { target } = splitReference(other);
  try {
    const { content } = (await knownOf(await placeOf({ ...placeIn(request), reference: target }))).file;
    const isName = versionAliases.some((alias) => alias === name) || tagged(content, name) !== undefined;
    return isName ? `${target}@${name}` : undefined;
  } catch (error) {
    // What is wrong with the other side is told of it.
    if (error instanceof MldataError) return undefined;
    throw error;
  }
}

function versionSide(reference: string, { manifest, files }: ResolvedVersion): NamedSide {
  const target = { name: reference, of: 'build' as const, manifest, files: Object.fromEntries(files) };
  return {
    side: { reference, of: 'build', ...builtSide(manifest) },
    ...withRows(target),
    shape: shapeOfManifest(manifest),
  };
}

function builtSide(manifest: Manifest): Pick<SchemaSide, 'dataset' | 'versionId' | 'builtAt' | 'rows'> {
  const { dataset, createdAt, rows } = manifest;
  return { dataset, versionId: versionId(manifest), builtAt: createdAt, rows };
}

/** Without rows where no format is complete. */
function withRows(target: RowsTarget & { readonly of: 'build' }): Pick<NamedSide, 'target'> {
  const data = target.manifest.artifacts.filter(({ kind }) => kind === 'data');
  const isWhole = (format: string) =>
    data.every((file) => file.format !== format || target.files[file.path] !== undefined);
  return data.some(({ format }) => isWhole(format)) ? { target } : {};
}
