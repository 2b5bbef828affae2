/**
 * A server that answers as the Hub's documentation says: commits, trees in pages, and files, of which the large ones lie
 * on another host, at addresses that are signed.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Files = Readonly<Record<string, string | Buffer>>;

interface Dataset {
  /** By branch, tag or reference: files by path. */
  readonly revisions: Readonly<Record<string, Files>>;
  /** Who may read it; absent: everybody. */
  readonly token?: string;
  /** Whether its owner decides. */
  readonly gated?: boolean;
}

export interface Asked {
  readonly host: 'hub' | 'store';
  readonly path: string;
  readonly authorization?: string | undefined;
}

const PAGE = 2;
const hash = (algorithm: string, content: string | Buffer) => createHash(algorithm).update(content).digest('hex');
/** Of what a branch has now. */
const commitOf = (files: Files) => hash('sha1', JSON.stringify(files));
const isLarge = (path: string) => /\.(parquet|arrow)$/.test(path);

export class HubServer {
  readonly asked: Asked[] = [];
  readonly datasets = new Map<string, Dataset>();
  /** How its next pages are told; a server of another mind may say something else. */
  linkTo: (next: URL) => string = (next) => next.href;

  private constructor(
    private readonly hub: Server,
    private readonly store: Server,
  ) {}

  static async start(): Promise<HubServer> {
    const [hub, store] = [createServer(), createServer()];
    const self = new HubServer(hub, store);
    hub.on('request', (request, response) => {
      self.note('hub', request);
      self.answer(new URL(request.url ?? '', self.endpoint), request, response);
    });
    store.on('request', (request, response) => {
      self.note('store', request);
      self.give(new URL(request.url ?? '', self.endpoint), request, response);
    });
    for (const server of [hub, store]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return self;
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.store]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  get endpoint(): string {
    return `http://127.0.0.1:${portOf(this.hub)}`;
  }

  private note(host: Asked['host'], { url = '', headers }: IncomingMessage): void {
    this.asked.push({ host, path: url, authorization: headers.authorization });
  }

  private answer(url: URL, { headers }: IncomingMessage, response: ServerResponse): void {
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { 'x-error-code': code, 'x-error-message': `${headers.authorization}` }).end('{}');
    };
    const [, api, rest = ''] = /^\/(api\/)?datasets\/(.*)$/.exec(url.pathname) ?? [];
    const [owner = '', name = '', verb = '', revision = '', ...path] = rest.split('/').map(decodeURIComponent);
    const dataset = this.datasets.get(`${owner}/${name}`);
    const signedIn = headers.authorization !== undefined;
    const mayRead = dataset?.token === undefined || headers.authorization === `Bearer ${dataset.token}`;
    if (!dataset || (!mayRead && !dataset.gated)) {
      refuse(signedIn ? 404 : 401, 'RepoNotFound');
      return;
    }
    const { revisions } = dataset;
    const files = revisions[revision] ?? Object.values(revisions).find((each) => commitOf(each) === revision);
    if (!files) {
      refuse(404, 'RevisionNotFound');
      return;
    }
    if (api !== undefined && verb === 'revision') {
      json(response, { id: rest, sha: commitOf(files) });
      return;
    }
    if (!mayRead) {
      refuse(signedIn ? 403 : 401, 'GatedRepo');
      return;
    }
    if (api !== undefined && verb === 'tree') {
      this.tree(url, path.join('/'), files, response, refuse);
      return;
    }
    const content = files[path.join('/')];
    if (content === undefined) {
      refuse(404, 'EntryNotFound');
      return;
    }
    const signed = `http://127.0.0.1:${portOf(this.store)}/${hash('sha256', content)}?signature=s3cret`;
    if (isLarge(path.at(-1) ?? '')) return void response.writeHead(302, { location: signed }).end();
    response.writeHead(200, { etag: `"${hash('sha1', content)}"`, 'content-length': Buffer.byteLength(content) });
    response.end(content);
  }

  private tree(
    url: URL,
    folder: string,
    files: Files,
    response: ServerResponse,
    refuse: (status: number, code: string) => void,
  ): void {
    const below = folder === '' ? '' : `${folder}/`;
    const inside = Object.keys(files).filter((path) => path.startsWith(below));
    if (inside.length === 0) {
      refuse(404, 'EntryNotFound');
      return;
    }
    const shown = (path: string) =>
      url.searchParams.get('recursive') === 'true' || !path.slice(below.length).includes('/');
    const folders = inside.filter((path) => !shown(path)).map((path) => path.slice(below.length).split('/')[0] ?? '');
    const entries = [
      ...[...new Set(folders)].map((name) => ({
        type: 'directory',
        oid: hash('sha1', name),
        size: 0,
        path: below + name,
      })),
      ...inside.filter(shown).map((path) => entryOf(path, files[path] ?? '')),
    ];
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const next = new URL(url);
    next.searchParams.set('cursor', String(from + PAGE));
    if (from + PAGE < entries.length) response.setHeader('link', `<${this.linkTo(next)}>; rel="next"`);
    json(response, entries.slice(from, from + PAGE));
  }

  private give(url: URL, { headers }: IncomingMessage, response: ServerResponse): void {
    const all = [...this.datasets.values()].flatMap(({ revisions }) =>
      Object.values(revisions).flatMap(Object.values<string | Buffer>),
    );
    const content = all.find((each) => `/${hash('sha256', each)}` === url.pathname);
    // Whoever shows a token here is taken for somebody who signs in twice.
    if (content === undefined || headers.authorization !== undefined) return void response.writeHead(400).end();
    response.writeHead(200, { etag: `"${hash('md5', content)}"`, 'content-length': Buffer.byteLength(content) });
    response.end(content);
  }
}

function entryOf(path: string, content: string | Buffer) {
  const size = Buffer.byteLength(content);
  const entry = { type: 'file', oid: hash('sha1', content), size, path };
  return isLarge(path) ? { ...entry, lfs: { oid: hash('sha256', content), size, pointerSize: 130 } } : entry;
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
