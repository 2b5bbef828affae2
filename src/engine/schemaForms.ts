/** Schemas in the forms of other tools: written for them, and read from what they wrote. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, sep } from 'node:path';
import { encodeSchemaFile, readArrowSchema } from './arrow';
import {
  declarable,
  fromArrow,
  fromDataPackage,
  fromFrictionless,
  fromJsonSchema,
  schemaYaml,
  toArrow,
  toDataPackage,
  toFrictionless,
  toJsonSchema,
  type PackagedFile,
  type Read,
} from './evolution';
import { runSchema } from './jobMessages';
import { runJob } from './jobProcess';
import { readText } from './readText';
import { replaceFile } from './report';
import { configOf, filesOf, type RowsTarget } from './rows';
import type { Run } from './run';
import { writeSchema } from './schemaConfig';
import { namedSchema } from './schemaOne';
import { openScratch } from './scratch';
import { documentHead } from './version';
import {
  MldataError,
  type SchemaDocument,
  type SchemaExport,
  type SchemaExportRequest,
  type SchemaFormat,
  type SchemaImportRequest,
  type SchemaLoss,
  type TableShape,
} from '../protocol';

type SchemaRun = Pick<Run, 'jobEntry' | 'limits' | 'signal'>;

/** Throws `wrong-usage` where a file is needed and none is named, and `report-unwritable`. */
export async function exportSchemaOf(run: SchemaRun, request: SchemaExportRequest): Promise<SchemaExport> {
  const { format, output, target: reference } = request;
  if (format === 'arrow' && output === undefined) {
    const message = 'An Arrow schema is no text: name a file to write it to, as in `--output schema.arrow`.';
    throw new MldataError('usage', 'wrong-usage', message);
  }
  const { shape, side, target } = await namedSchema(run, request);
  const { content, bytes, losses } = await written(format, shape, { dataset: side.dataset, target, output, run });
  if (output !== undefined) await replaceFile(output, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ...documentHead('mldata/schema-export'),
    ...{ reference, dataset: side.dataset, format },
    ...(output !== undefined && { file: { path: output, bytes: bytes.length, sha256 } }),
    ...(content !== undefined && { content }),
    losses: [...losses],
  };
}

interface Place {
  readonly dataset: string;
  readonly target: RowsTarget | undefined;
  readonly output: string | undefined;
  readonly run: SchemaRun;
}

interface Form {
  /** Of the forms that are JSON. */
  readonly content?: SchemaExport['content'];
  readonly bytes: Uint8Array;
  readonly losses: readonly SchemaLoss[];
}

async function written(format: SchemaFormat, shape: TableShape, place: Place): Promise<Form> {
  switch (format) {
    case 'arrow': {
      const { content, losses } = toArrow(shape);
      return { bytes: encodeSchemaFile(content), losses };
    }
    case 'frictionless':
      return asJson(toFrictionless(shape));
    case 'jsonschema':
      return asJson(toJsonSchema(shape, place.dataset));
    case 'datapackage': {
      const spec = place.target && configOf(place.target);
      return asJson(toDataPackage(shape, spec ?? { name: place.dataset }, await packaged(place)));
    }
  }
}

function asJson({ content, losses }: { readonly content: object; readonly losses: readonly SchemaLoss[] }): Form {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  return { content: JSON.parse(text) as NonNullable<Form['content']>, bytes: Buffer.from(text), losses };
}

/** The files of the rows, by paths from where the descriptor lies: in the folder of the build where it is not written. */
async function packaged({ target, output, run }: Place): Promise<PackagedFile[]> {
  if (target === undefined) return [];
  const { files } = await filesOf(target, run.signal);
  const artifacts = target.of === 'build' ? target.manifest.artifacts : [];
  return files.map(({ path, name, bytes, format }) => {
    const artifact = artifacts.find((one) => one.path === name);
    return {
      path: output === undefined ? name : relative(dirname(output), path).split(sep).join('/'),
      format: format ?? extname(path).slice(1),
      bytes,
      ...(artifact && { sha256: artifact.sha256 }),
    };
  });
}

/** Throws `schema-unreadable` for what is no schema, what reading the file throws, and what changing the config throws. */
export async function importSchemaOf(run: SchemaRun, request: SchemaImportRequest): Promise<SchemaDocument> {
  const { file, into, configPath } = request;
  const { shape, losses } = declarable(await read(run, request));
  return {
    ...documentHead('mldata/schema'),
    ...{ reference: file, dataset: into ?? basename(file), of: 'declaration' as const },
    ...shape,
    yaml: schemaYaml(shape),
    losses: [...losses],
    ...(into !== undefined && { written: await writeSchema(shape, { configPath, dataset: into }) }),
  };
}

/** As much as is read of a text. */
const MOST_TEXT = 48 * 2 ** 20;

const ARROW = ['.arrow', '.feather', '.arrows', '.ipc'];

async function read(run: SchemaRun, request: SchemaImportRequest): Promise<Read> {
  const { file } = request;
  const ending = extname(file).toLowerCase();
  try {
    const found = await stat(file);
    if (!found.isFile()) throw unreadable(file, 'it is no regular file.');
    if (ARROW.includes(ending)) {
      return fromArrow(await readArrowSchema(file));
    }
    if (ending === '.parquet') return await ofParquet(run, file);
    if (found.size > MOST_TEXT) throw unreadable(file, 'it is too long.');
    return fromText(await readText(file), request);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(file, `it cannot be read: ${error.message}.`);
    throw error;
  }
}

/** What its columns are, and which of them have no missing values because the file says that they cannot. */
async function ofParquet({ jobEntry, limits, signal }: SchemaRun, file: string): Promise<Read> {
  const { folder: scratch, release } = await openScratch(undefined);
  try {
    const source = [{ path: basename(file), format: 'parquet' as const, options: {} }];
    const target: RowsTarget = { name: file, of: 'files', source, folder: dirname(file) };
    const job = { spec: { name: file }, target, scratch, infer: false, stored: file, ...limits };
    const { shape, required = [] } = await runJob(jobEntry, runSchema, job, () => undefined, signal);
    const columns = shape.columns.map(({ nullable: _nullable, nullableFrom: _from, ...column }) => ({
      ...column,
      ...(required.includes(column.name) && { required: true, nullable: false, nullableFrom: 'declared' as const }),
    }));
    return { shape: { ...shape, columns }, losses: [] };
  } finally {
    await release();
  }
}

function fromText(text: string, { file, resource }: SchemaImportRequest): Read {
  const document = parsed(text, file);
  const packed = fromDataPackage(document, resource);
  if (packed?.read) return packed.read;
  if (packed) {
    const names = packed.names.join(', ');
    const why =
      packed.names.length === 0
        ? 'none of its resources has a schema in the file.'
        : resource === undefined
          ? `its resources have different schemas: name one of ${names} with --resource.`
          : `it has no resource ${resource} with a schema, but ${names}.`;
    throw unreadable(file, why);
  }
  const found = fromFrictionless(document) ?? fromJsonSchema(document);
  if (found) return found;
  throw unreadable(
    file,
    'it is neither a Table Schema with `fields`, nor a data package with `resources`, nor a JSON Schema with `properties`.',
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw unreadable(file, `it is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function unreadable(file: string, why: string): MldataError {
  return new MldataError('usage', 'schema-unreadable', `${file} is no schema that can be read: ${why}`);
}
