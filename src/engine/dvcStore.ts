/** The files that a `dvc://` address means: what another repository says it tracks, and where the bytes of that are. */
import { createHash } from 'node:crypto';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { MldataError } from '../protocol';
import { withDvcCheckout, type DvcCheckout, type DvcPlace } from './dvcCheckout';
import { eachOf } from './eachOf';
import { byName, dvcAddress, fileAddress, nothingThere, patternOf, strangeAnswer } from './stores';
import type { DvcAddress, Listing, StoreFile, StoreRun } from './stores';
import { findDvc, pathSetting, trackedByDvc, type DvcOut, type DvcRepository } from './tracking';

const MD5 = /^[0-9a-f]{32}$/;
const folderSchema = z.array(z.looseObject({ md5: z.string().regex(MD5), relpath: z.string().min(1) }));

/** The content of one file of the other repository. */
interface Tracked {
  readonly name: string;
  readonly md5: string;
  readonly bytes?: number | undefined;
}

/**
 * Throws `store-address`, `store-repository`, `store-empty`, `store-missing`, `store-answer`, `dvc-config-unreadable`,
 * and what git and asking throw.
 */
export async function dvcListing(uri: string, place: Omit<DvcPlace, 'signal'>, run: StoreRun): Promise<Listing> {
  const address = dvcAddress(uri);
  const { signal } = run.watch;
  return withDvcCheckout(address, { ...place, signal }, async (checkout) => {
    const objects = await Objects.of(address, checkout, run);
    const tracked = await trackedFiles(address, checkout, objects, signal);
    if (tracked.length === 0) throw nothingThere(uri, 'DVC tracks nothing there: correct its path or its revision.');
    const files = await eachOf(tracked, async ({ name, md5, bytes }): Promise<StoreFile> => {
      const url = (await objects.urlOf(md5)).href;
      return { name, address: fileAddress(address, name), url, md5, ...(bytes !== undefined && { bytes }) };
    });
    return { files: files.sort(byName), ...(checkout.commit !== undefined && { revision: checkout.commit }) };
  });
}

async function trackedFiles(
  { uri, path }: DvcAddress,
  { root }: DvcCheckout,
  objects: Objects,
  signal: AbortSignal,
): Promise<Tracked[]> {
  const pattern = patternOf(path);
  const wanted = (name: string) => (pattern ? pattern.matches(name) : name === path || name.startsWith(`${path}/`));
  const start = pattern ? pattern.prefix : path;
  const { outs } = await trackedByDvc(root, undefined, signal);
  const found = await eachOf(outs, async ({ out }): Promise<Tracked[]> => {
    const name = relative(root, out.file).split(sep).join('/');
    const mayHold = name.startsWith(start) || start.startsWith(`${name}/`);
    if (name.startsWith('../') || !out.cache || !mayHold) return [];
    const isFolder = out.md5?.endsWith('.dir') === true;
    if (!isFolder) return wanted(name) ? [{ name, md5: hashOf(uri, name, out), bytes: out.size }] : [];
    const inside = await objects.folder(hashOf(uri, name, out));
    const all = inside.map(({ md5, relpath }) => ({ name: `${name}/${relpath}`, md5 }));
    return wanted(name) ? all : all.filter((file) => wanted(file.name));
  });
  return found.flat();
}

function hashOf(uri: string, name: string, { md5, hash }: DvcOut): string {
  const plain = md5?.replace(/\.dir$/, '') ?? '';
  if (hash === 'md5' && MD5.test(plain)) return plain;
  const why = hash === 'md5' ? 'was never made' : 'was tracked by DVC 2, which hashed texts in another way';
  throw new MldataError(
    'config',
    'store-missing',
    `${uri} cannot be fetched: ${name} ${why}. Bring it up to date there (\`dvc commit\`), and push it.`,
  );
}

/** Where the bytes of a repository lie: in its cache, where it is on this machine, else in its remote. */
class Objects {
  private constructor(
    private readonly uri: string,
    private readonly caches: readonly string[],
    private readonly remote: URL | undefined,
    private readonly run: StoreRun,
  ) {}

  static async of({ uri, path }: DvcAddress, { root, local }: DvcCheckout, run: StoreRun): Promise<Objects> {
    const [told, own] = await Promise.all([
      repositoryAt(root, path),
      local === undefined ? undefined : repositoryAt(local, path),
    ]);
    // Of one on this machine, relative paths in its settings are relative to where it is.
    const dvc = own ?? told;
    if (!dvc) throw strangeAnswer(uri, 'the repository is none of DVC');
    const remote = remoteOf(dvc);
    const folder = own && remote?.protocol === 'file:' ? [fileURLToPath(remote)] : [];
    const caches = [...(own ? [own.cache] : []), ...folder].map((each) => join(each, 'files', 'md5'));
    return new Objects(uri, caches, remote && /^https?:$/.test(remote.protocol) ? remote : undefined, run);
  }

  /** Throws `store-missing`. @param suffix of the object that lists a folder */
  async urlOf(md5: string, suffix = ''): Promise<URL> {
    const rest = `${md5.slice(2)}${suffix}`;
    for (const cache of this.caches) {
      const path = join(cache, md5.slice(0, 2), rest);
      const found = await lstat(path).catch(() => undefined);
      if (found?.isFile()) return pathToFileURL(path);
    }
    if (this.remote) {
      return new URL(`${this.remote.href.replace(/\/+$/, '')}/files/md5/${md5.slice(0, 2)}/${rest}`);
    }
    throw new MldataError(
      'config',
      'store-missing',
      `${this.uri} cannot be fetched: its bytes are not in the cache of a repository on this machine, and the repository has no default remote at an http address. Run \`dvc pull\` there, or name the files where they are stored.`,
    );
  }

  /** What a tracked folder holds. Throws `store-answer`, and what asking throws. */
  async folder(md5: string): Promise<z.infer<typeof folderSchema>> {
    const url = await this.urlOf(md5, '.dir');
    const text = url.protocol === 'file:' ? await readFile(url, 'utf8') : await this.asked(url);
    if (createHash('md5').update(text).digest('hex') !== md5)
      throw strangeAnswer(this.uri, 'the list of its folder is damaged');
    try {
      return folderSchema.parse(JSON.parse(text));
    } catch (error) {
      throw strangeAnswer(this.uri, 'the list of its folder cannot be read', error);
    }
  }

  private async asked(url: URL): Promise<string> {
    const { downloader, watch } = this.run;
    const reply = await downloader.read({ url }, watch);
    if (reply.status === 200 && reply.whole) return reply.text;
    throw strangeAnswer(this.uri, `its remote answered ${reply.status}`);
  }
}

/** That of a path in it; one that merely lies above is another. */
async function repositoryAt(root: string, path: string): Promise<DvcRepository | undefined> {
  const [dvc, real] = await Promise.all([findDvc(join(root, dirname(path))), realpath(root).catch(() => root)]);
  const from = dvc && relative(real, dvc.root);
  return from === undefined || from.startsWith('..') ? undefined : dvc;
}

/** The default remote; undefined where there is none at an address. */
function remoteOf({ config }: DvcRepository): URL | undefined {
  const name = config.get('core')?.get('remote')?.value.toLowerCase();
  const url = name === undefined ? undefined : config.get(`remote "${name}"`)?.get('url');
  if (url === undefined) return undefined;
  if (!/^\w+:\/\//.test(url.value)) return pathToFileURL(pathSetting(url));
  return URL.canParse(url.value) ? new URL(url.value) : undefined;
}
