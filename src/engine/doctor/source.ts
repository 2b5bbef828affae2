/** Whether the source of a dataset can be read: without reading it. */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { datasetSource, referencesIn, shownAddress, type WrittenAddress } from '../../config';
import { MldataError } from '../../protocol';
import { huggingFaceToken, resolvedHeaders, type Credentials } from '../credentials';
import { askServer, databaseKind, filePath } from '../databases';
import type { Downloader } from '../fetch';
import { confinedPath, listFiles } from '../sources';
import { dvcAddress, s3Account } from '../stores';
import { filesOf, sizeOf } from '../words';
import { huggingFaceUrl, s3Url } from './stores';

/** A source as a config writes it, and what is sent along. */
export type SourceAddress = Pick<WrittenAddress, 'text' | 'headers' | 's3'>;

export interface SourcePlace {
  /** The config's folder. */
  readonly folder: string;
  /** No path leaves this folder; undefined: anywhere. */
  readonly root: string | undefined;
  readonly credentials: Credentials;
  /** Whether loopback, link-local and private addresses may be asked. */
  readonly allowInner: boolean;
  readonly downloader: Pick<Downloader, 'probe'>;
}

/**
 * What was found, in a sentence. Throws why it cannot be read: of kind `authentication` where a secret is missing or
 * refused.
 */
export async function checkSource(
  { text: address, headers, s3 }: SourceAddress,
  dataset: string,
  place: SourcePlace,
  signal: AbortSignal,
): Promise<string> {
  const made = datasetSource(address);
  if (made) return `Made from the dataset ${made.dataset}.`;
  const kind = databaseKind(address);
  if (kind === 'sqlite' || kind === 'duckdb') return checkFile(address, place);
  if (kind !== undefined) {
    await askServer(address, place, signal);
    return `${shownAddress(address)} lets us in.`;
  }
  switch (/^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1]?.toLowerCase()) {
    case undefined:
      return checkFiles(address, dataset, place, signal);
    case 'http':
    case 'https':
      return checkUrl(address, headers, place, signal);
    case 'hf':
      return checkHuggingFace(address, place, signal);
    case 's3':
      return checkS3({ text: address, ...(s3 && { s3 }) }, place, signal);
    case 'dvc':
      return checkDvc(address, place);
    default:
      // A part of a whole that nobody here can ask about.
      throw new MldataError('config', 'address-invalid', `${shownAddress(address)} is no source that can be asked.`);
  }
}

async function checkFiles(path: string, dataset: string, { folder, root }: SourcePlace, signal: AbortSignal) {
  const files = await listFiles([{ path, options: {} }], { folder, root, signal }, dataset);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${filesOf(files.length)}, ${sizeOf(bytes)}.`;
}

async function checkFile(address: string, { folder, root }: SourcePlace): Promise<string> {
  const path = filePath(address);
  const found = await stat(await confinedPath(folder, path, root)).catch(() => undefined);
  if (found?.isFile()) return `${path}, ${sizeOf(found.size)}.`;
  throw new MldataError(
    'buildFailed',
    'database-missing',
    `${path} is no file. Correct the path, which is relative to the config.`,
  );
}

/** An address of a file holds no references; one that does is refused by the config, and never made whole. */
async function checkUrl(
  address: string,
  headers: SourceAddress['headers'] = {},
  { credentials, downloader }: SourcePlace,
  signal: AbortSignal,
) {
  if (!URL.canParse(address) || referencesIn(address).length > 0)
    throw new MldataError('config', 'address-invalid', `${shownAddress(address)} is no address of a file.`);
  const url = new URL(address);
  const sent = await resolvedHeaders(headers, credentials, signal);
  const advice =
    Object.keys(sent).length === 0
      ? 'Send what it asks for: `headers: { authorization: "Bearer ${credential:NAME}" }`.'
      : 'Set another credential.';
  judge(await downloader.probe(url, sent, signal), shownAddress(address), advice);
  return `${url.host} answers.`;
}

async function checkHuggingFace(address: string, { credentials, downloader }: SourcePlace, signal: AbortSignal) {
  const url = huggingFaceUrl(address, credentials.environment);
  const token = await huggingFaceToken(credentials, undefined, signal);
  const status = await downloader.probe(url, token ? { authorization: `Bearer ${token.value}` } : {}, signal);
  judge(
    status,
    address,
    token
      ? `The token from ${token.from} does not open it: accept the conditions of the dataset on its page, or set another one.`
      : 'Run `mldata auth login huggingface`, or set HF_TOKEN. It may also not exist.',
  );
  return `${url.host} answers${token ? `, with the token from ${token.from}` : ''}.`;
}

async function checkS3(
  { text: address, s3 = {} }: SourceAddress,
  { credentials, downloader }: SourcePlace,
  signal: AbortSignal,
) {
  const { keys, ...place } = await s3Account(s3, credentials.environment);
  if (keys?.expiresAt && keys.expiresAt < new Date()) {
    throw new MldataError(
      'authentication',
      'secret-expired',
      `The credentials of ${keys.from} expired at ${keys.expiresAt.toISOString()}. Fetch new ones with the tool that made them.`,
    );
  }
  const url = s3Url(address, place);
  // Nothing is signed here, so that a refusal says something only where nothing would be.
  const status = await downloader.probe(url, {}, signal);
  if (keys === undefined) {
    // Many buckets let anybody read, and nobody list.
    if (!s3.anonymous || status !== 403)
      judge(status, address, 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  } else if (status === 404) judge(status, address, '');
  return `${url.host} answers${keys === undefined ? '' : `; requests are signed with ${keys.from}`}.`;
}

/** A repository of this disk has to be there; one elsewhere only git can ask. */
async function checkDvc(address: string, { folder, root }: SourcePlace): Promise<string> {
  const { repository, isLocal } = dvcAddress(address);
  if (!isLocal) return `${shownAddress(repository)} is asked by git when it is fetched.`;
  const path = await confinedPath(folder, repository.replace(/^~(?=$|[/\\])/, homedir()), root);
  const found = await stat(resolve(folder, path)).catch(() => undefined);
  if (found?.isDirectory()) return `${repository} is there.`;
  throw new MldataError('config', 'address-missing', `${repository} is no folder. Correct the path of the repository.`);
}

/** Throws where the answer is a refusal. */
function judge(status: number, what: string, advice: string): void {
  if (status === 401 || status === 403) {
    throw new MldataError('authentication', 'access-refused', `${what} refused access (${status}). ${advice}`);
  }
  if (status === 404 || status === 410) {
    throw new MldataError('network', 'address-missing', `${what} is not there (${status}). Correct the address.`);
  }
  // A range that a file does not have is still an answer of the file: it is empty.
  if (status >= 400 && status !== 416) {
    throw new MldataError('network', 'address-failing', `${what} answers ${status}. Try again later.`);
  }
}
