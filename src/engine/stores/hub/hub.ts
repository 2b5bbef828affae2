/** The Hub's interface: commits of datasets, and the files of a commit. */
import * as z from 'zod';
import { MldataError } from '../../../protocol';
import type { Environment } from '../../credentials';
import type { Credentials, Reply } from '../../fetch';
import type { StoreRun } from '../listing';
import { strangeAnswer, tooMany, wrongAddress } from '../troubles';
import type { HubAddress } from './address';

const revisionSchema = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

const entriesSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string().min(1),
    size: z.int().nonnegative().optional(),
    lfs: z.looseObject({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative() }).optional(),
  }),
);
export type HubEntry = z.infer<typeof entriesSchema>[number];

const MOST_ENTRIES = 1_000_000;

export class Hub {
  private readonly endpoint: URL;

  constructor(
    private readonly address: HubAddress,
    private readonly token: string | undefined,
    private readonly run: StoreRun,
  ) {
    this.endpoint = hubEndpoint(run.credentials.environment);
  }

  get credentials(): Credentials {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  /** The commit that a branch, tag or other reference stands for; undefined where there is none. Throws as {@link entries} does. */
  async commitOf(revision: string): Promise<string | undefined> {
    const { uri, dataset } = this.address;
    const reply = await this.ask(this.at(`api/datasets/${dataset}/revision/${encodeURIComponent(revision)}`));
    if (reply.header('x-error-code') === 'RevisionNotFound') return undefined;
    return this.read(revisionSchema, this.wanted(reply, uri)).sha;
  }

  /** Those in a folder, or below it; undefined where there is no such folder. Throws `store-refused`, `store-missing`, `store-answer`, `store-too-many`, and what a reply takes. */
  async entries(commit: string, folder: string, below: boolean): Promise<HubEntry[] | undefined> {
    const { uri, dataset } = this.address;
    const path = folder === '' ? '' : `/${encodedPath(folder)}`;
    const first = this.at(`api/datasets/${dataset}/tree/${commit}${path}`);
    if (below) first.searchParams.set('recursive', 'true');
    const all: HubEntry[] = [];
    const asked = new Set<string>();
    for (let url: URL | undefined = first; url;) {
      if (asked.has(url.href)) throw strangeAnswer(uri, 'the server sends the same page again');
      asked.add(url.href);
      const reply = await this.ask(url);
      if (reply.header('x-error-code') === 'EntryNotFound') return undefined;
      all.push(...this.read(entriesSchema, this.wanted(reply, uri)));
      if (all.length > MOST_ENTRIES) throw tooMany(uri, MOST_ENTRIES);
      url = this.nextOf(reply, url);
    }
    return all;
  }

  /** Where the bytes of a file are asked for; the Hub leads on to where they lie. */
  fileUrl(commit: string, path: string): URL {
    return this.at(`datasets/${this.address.dataset}/resolve/${commit}/${encodedPath(path)}`);
  }

  private at(path: string): URL {
    return new URL(path, this.endpoint);
  }

  private ask(url: URL): Promise<Reply> {
    const { downloader, watch } = this.run;
    return downloader.read({ url, credentials: this.credentials }, watch);
  }

  /** The token goes along: so the next page has to be on the same server. */
  private nextOf(reply: Reply, current: URL): URL | undefined {
    const link = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(reply.header('link') ?? '')?.[1];
    if (link === undefined) return undefined;
    const next = URL.canParse(link, current.href) ? new URL(link, current.href) : undefined;
    if (next?.origin !== this.endpoint.origin) throw strangeAnswer(this.address.uri, 'its listing goes on elsewhere');
    return next;
  }

  private read<T>(schema: z.ZodType<T>, reply: Reply): T {
    let read: unknown;
    try {
      read = reply.whole ? JSON.parse(reply.text) : undefined;
    } catch {
      read = undefined;
    }
    const known = schema.safeParse(read);
    if (!known.success) throw strangeAnswer(this.address.uri, 'the server sent what cannot be read');
    return known.data;
  }

  private wanted(reply: Reply, uri: string): Reply {
    const { status } = reply;
    if (status >= 200 && status < 300) return reply;
    const code = reply.header('x-error-code');
    if (code === 'GatedRepo') throw refused(uri, status, this.gated());
    if (status === 401 || status === 403) {
      const why =
        this.token === undefined
          ? 'it is private, or is not there. Sign in with a token that may read it (`mldata auth login huggingface`), or correct its name'
          : 'the token is not valid, or may not read it. Set another one (`mldata auth login huggingface`)';
      throw refused(uri, status, why);
    }
    if (status === 404) {
      throw new MldataError('network', 'store-missing', `${uri} is not there (404). Correct its name.`);
    }
    throw strangeAnswer(uri, `the server answered ${status}`);
  }

  private gated(): string {
    const page = `${this.endpoint.origin}/datasets/${this.address.dataset}`;
    const first =
      this.token === undefined
        ? 'sign in with a token of yours (`mldata auth login huggingface`)'
        : 'wait until access is granted';
    return `its owner decides who may read it. Ask for access at ${page}, and ${first}`;
  }
}

function refused(uri: string, status: number, why: string): MldataError {
  return new MldataError('authentication', 'store-refused', `The Hub refuses ${uri} (${status}): ${why}.`);
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** The server of the Hub. Throws `store-address`. */
export function hubEndpoint(environment: Environment): URL {
  const text = environment['HF_ENDPOINT'] || 'https://huggingface.co';
  const url = URL.canParse(text) ? new URL(text.endsWith('/') ? text : `${text}/`) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw wrongAddress('HF_ENDPOINT', 'it is not the address of a server', 'the like of https://huggingface.co');
}
