/** A Python package for PyTorch: the data with code that reads it, and all that the code knows of the data. See docs/pytorch-package.md. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eachOf } from '../../eachOf';
import { makeFolder } from '../../folders';
import { hashFile } from '../../text';
import { TOOL } from '../../version';
import { exportDocuments, MldataError, type ExportRequest, type Finding } from '../../../protocol';
import type { ExportedData, Framework, ReadData, Written, WrittenFile } from '../exported';
import { adapt } from '../huggingface/adapt';
import { writeDocuments } from '../metadata';
import { METADATA_FILES, type ManifestDocument, type SplitsDocument } from './documents';
import { encodingsOf } from './encodings';
import { copyMedia, findMedia } from './media';
import { checkedPackageName, packageNameOf, packageVersionOf } from './names';
import { encodersOf, planColumns, schemaOf } from './plan';
import { citation, licenceText, pyproject, type Project } from './project';
import { precisionFindings } from './precision';
import { checkedDataUrl, splitsOf } from './splits';
import { extentsOf, statsOf } from './stats';
import { targetOf } from './target';
import { copyTemplate } from './template';
import { classesOf } from './vocabulary';

/** More than that is not loaded into memory unless somebody asks for it. */
const STREAMING_ABOVE_BYTES = 2 ** 30;

type HashedFile = ManifestDocument['files'][number];

export const pytorch: Framework = {
  formats: ['parquet'],
  prepare: async (data, request) => {
    if (request.packageName !== undefined) checkedPackageName(request.packageName);
    if (request.dataUrl !== undefined) checkedDataUrl(request.dataUrl);
    const target = targetOf(data, request);
    refuseUntrained(data);
    await classesOf(data, target);
    const { files } = await findMedia(data);
    return { findings: [], bytes: [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0) };
  },
  adapt,
  write: writePackage,
};

async function writePackage(data: ExportedData, request: ExportRequest): Promise<Written> {
  const { name, manifest, spec, folder, signal } = data;
  const packageName = request.packageName ?? packageNameOf(name);
  const plan = await planColumns(data, request);
  const extents = await extentsOf(data, plan.columns);
  const code = await copyTemplate(folder, packageName);
  const media = await findMedia(data);
  const mediaPaths = await copyMedia(data, media);
  const project: Project = {
    ...{ package: packageName, version: packageVersionOf(manifest?.createdAt), dataset: name },
    data: [...(request.dataUrl === undefined ? ['*.parquet'] : []), ...(mediaPaths.length > 0 ? ['media/**/*'] : [])],
    ...(spec && { spec }),
  };
  const splits = await splitsOf(data, request.dataUrl);
  const metadata = {
    [METADATA_FILES.schema]: schemaOf(plan, extents, name, packageName),
    [METADATA_FILES.encoders]: encodersOf(plan, encodingsOf(data)),
    [METADATA_FILES.stats]: await statsOf(data, plan.columns),
    [METADATA_FILES.splits]: splits,
  };
  await makeFolder(join(folder, 'metadata'));
  for (const [path, document] of Object.entries(metadata)) await writeJson(folder, path, document);

  const verified = [...code.filter((path) => path.startsWith('src/')), ...Object.keys(metadata), ...mediaPaths];
  const files = await eachOf(verified.sort(byCodePoints), (path) => hashed(folder, path, signal));
  const memoryBytes = extents.reduce((sum, { bytes }) => sum + bytes, 0);
  const about: ManifestDocument = {
    ...{
      kind: 'mldata/pytorch-manifest',
      version: 1,
      dataset: name,
      package: packageName,
      packageVersion: project.version,
    },
    ...aboutData(data),
    ...{ tool: TOOL, rows: data.rows, memoryBytes, streaming: memoryBytes > STREAMING_ABOVE_BYTES },
    ...{ files, fingerprint: fingerprintOf(files, splits) },
    ...(manifest && { build: buildOf(manifest) }),
  };
  await writeJson(folder, METADATA_FILES.manifest, about);
  const texts = await writeTexts(folder, project);
  const documents = await writeDocuments(data, exportDocuments);
  const known = new Map(files.map((file) => [file.path, file]));
  const asWritten = (kind: WrittenFile['kind']) => (path: string) => {
    const hash = known.get(path);
    return { path, kind, ...(hash && { known: hash }) };
  };
  const described = [...Object.keys(metadata), METADATA_FILES.manifest, ...mediaPaths, ...texts];
  return {
    files: [
      ...documents.files,
      ...[...code, 'pyproject.toml'].map(asWritten('code')),
      ...described.map(asWritten('metadata')),
    ],
    findings: [
      ...plan.findings,
      ...(await precisionFindings(data, plan.columns, extents)),
      ...media.findings,
      ...documents.findings,
    ],
  };
}

/** Numbers are learned from training rows, and nothing else is a measure of them. */
function refuseUntrained(data: ReadData): void {
  const { name, rows, splits } = data;
  const training = splits.length === 0 ? rows : (splits.find((split) => split.name === 'train')?.rows ?? 0);
  if (training > 0) return;
  const code = 'export-no-training';
  const message =
    splits.length === 0 || splits.some((split) => split.name === 'train')
      ? `${name} has no training rows, so there is nothing to learn from.`
      : `The split \`train\` is not among those that are exported, so there is nothing to learn from.`;
  const suggestion = 'Export rows with the split `train`.';
  const finding: Finding = { code, severity: 'error', message, suggestion, dataset: name };
  throw new MldataError('usage', code, `${message} ${suggestion}`, [finding]);
}

function aboutData({ spec }: ReadData): Partial<ManifestDocument> {
  const { title, description, license, citation: cited, homepage } = spec ?? {};
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(license !== undefined && { license }),
    ...(cited !== undefined && { citation: cited }),
    ...(homepage !== undefined && { homepage }),
  };
}

function buildOf({
  createdAt,
  inputs,
  config,
}: NonNullable<ReadData['manifest']>): NonNullable<ManifestDocument['build']> {
  return {
    createdAt,
    inputs,
    config: JSON.parse(JSON.stringify(config)) as NonNullable<ManifestDocument['build']>['config'],
  };
}

async function hashed(folder: string, path: string, signal: AbortSignal): Promise<HashedFile> {
  const { bytes, sha256 = '' } = await hashFile(join(folder, path), ['sha256'], signal);
  return { path, bytes, sha256 };
}

function fingerprintOf(files: readonly HashedFile[], { splits }: SplitsDocument): string {
  const all = [...files, ...splits.flatMap((split) => split.files)].sort((a, b) => byCodePoints(a.path, b.path));
  const hash = createHash('sha256');
  for (const { path, sha256 } of all) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
}

/** As Python sorts texts. */
function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function writeTexts(folder: string, project: Project): Promise<string[]> {
  await writeFile(join(folder, 'pyproject.toml'), pyproject(project));
  const texts = { 'LICENSE-DATA': licenceText(project), 'CITATION.cff': citation(project) };
  const written: string[] = [];
  for (const [path, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    await writeFile(join(folder, path), text);
    written.push(path);
  }
  return written;
}

async function writeJson(folder: string, path: string, document: unknown): Promise<void> {
  await writeFile(join(folder, path), `${JSON.stringify(document, null, 1)}\n`);
}
