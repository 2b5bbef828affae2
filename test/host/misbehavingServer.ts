/** A real HTTP server on this machine that does what servers and networks do on bad days, on order. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** What goes wrong with one request; `at`: after which share of what is sent. */
export type Mishap =
  | { readonly kind: 'none' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'drop' | 'end' | 'stall'; readonly at: number }
  | { readonly kind: 'slow' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Ranges that were not asked for. */
  | { readonly kind: 'wrongStart' | 'wrongTotal' | 'longer' | 'shorter' | 'unreadableRange' | 'multipart' }
  | { readonly kind: 'ignoreRange' | 'ignoreIfRange' | 'noValidator' | 'gzip' | 'chunked' }
  /** In chunks, of which the last never comes. */
  | { readonly kind: 'cutChunks'; readonly at: number }
  /** The body ends with the connection, whole or not, and no header says how long it is. */
  | { readonly kind: 'endless'; readonly at: number }
  /** The content changes before the answer, or in the midst of it for those who ask next. */
  | { readonly kind: 'change'; readonly sameLength: boolean };

export interface Hosted {
  bytes: Buffer;
  /** How versions are told apart. */
  readonly tags: 'strong' | 'weak' | 'date' | 'none';
  /** All that was ever there whole. */
  readonly versions: string[];
  readonly mishaps: Mishap[];
  modifiedAt: number;
}

export interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Bytes of the body that were given to the connection. */
  sent: number;
}

const CHUNK = 16 * 1024;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export class MisbehavingServer {
  readonly seen: Seen[] = [];
  private readonly files = new Map<string, Hosted>();
  private readonly routes = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MisbehavingServer> {
    const server = createServer();
    const self = new MisbehavingServer(server);
    server.on('request', (request, response) => {
      response.on('error', () => undefined);
      self.answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return self;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  url(path: string): URL {
    return new URL(path, this.origin);
  }

  host(path: string, bytes: Buffer, tags: Hosted['tags'] = 'strong', mishaps: readonly Mishap[] = []): Hosted {
    const hosted = {
      bytes,
      tags,
      versions: [sha256(bytes)],
      mishaps: [...mishaps],
      modifiedAt: Date.parse('2026-01-01T00:00:00Z'),
    };
    this.files.set(`/${path}`, hosted);
    return hosted;
  }

  /** Has nothing any more, and has seen nothing. */
  clear(): void {
    this.seen.length = 0;
    this.files.clear();
    this.routes.clear();
  }

  /** Answers a path by hand. */
  route(path: string, handler: (request: IncomingMessage, response: ServerResponse) => void): void {
    this.routes.set(`/${path}`, handler);
  }

  change(hosted: Hosted, sameLength: boolean): void {
    const bytes = Buffer.from(hosted.bytes.subarray(0, sameLength ? undefined : Math.ceil(hosted.bytes.length * 0.9)));
    for (let index = 0; index < bytes.length; index += 997) bytes.writeUInt8((bytes.readUInt8(index) + 1) & 255, index);
    hosted.bytes = bytes;
    hosted.versions.push(sha256(bytes));
    hosted.modifiedAt += 3_600_000;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    const seen: Seen = { path: request.url ?? '/', headers: request.headers, sent: 0 };
    this.seen.push(seen);
    const route = this.routes.get(pathname);
    const hosted = this.files.get(pathname);
    if (route) route(request, response);
    else if (hosted) await this.serve(hosted, hosted.mishaps.shift() ?? { kind: 'none' }, request, response, seen);
    else response.writeHead(404).end();
  }

  private async serve(
    hosted: Hosted,
    mishap: Mishap,
    { headers }: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
  ): Promise<void> {
    if (mishap.kind === 'change') this.change(hosted, mishap.sameLength);
    const { bytes } = hosted;
    const marks = marksOf(hosted);
    response.setHeader('accept-ranges', 'bytes');
    if (mishap.kind !== 'noValidator')
      for (const [name, value] of Object.entries(marks)) response.setHeader(name, value);
    if (mishap.kind === 'refuse') {
      response.destroy();
      return;
    }
    if (mishap.kind === 'status') {
      if (mishap.retryAfter !== undefined) response.setHeader('retry-after', mishap.retryAfter);
      if (mishap.status === 416) response.setHeader('content-range', `bytes */${bytes.length}`);
      response.writeHead(mishap.status).end('not the file');
      return;
    }
    const tag = marks['etag'];
    if (headers['if-none-match'] !== undefined && headers['if-none-match'] === tag) {
      response.writeHead(304).end();
      return;
    }
    const [, wanted, last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const condition = headers['if-range'];
    const holds =
      mishap.kind === 'ignoreIfRange' ||
      condition === undefined ||
      (condition === tag && !tag.startsWith('W/')) ||
      condition === marks['last-modified'];
    if (wanted === undefined || !holds || mishap.kind === 'ignoreRange')
      await this.sendWhole(bytes, mishap, response, seen);
    else {
      const end = last === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
      await this.sendRange(bytes, Number(wanted), end, mishap, response, seen);
    }
  }

  private async sendWhole(bytes: Buffer, mishap: Mishap, response: ServerResponse, seen: Seen): Promise<void> {
    const body = mishap.kind === 'gzip' ? gzipSync(bytes) : bytes;
    if (mishap.kind === 'gzip') response.setHeader('content-encoding', 'gzip');
    if (mishap.kind === 'endless') {
      response.removeHeader('transfer-encoding');
      response.useChunkedEncodingByDefault = false;
      response.shouldKeepAlive = false;
    } else if (mishap.kind !== 'chunked' && mishap.kind !== 'cutChunks') {
      response.setHeader('content-length', body.length);
    }
    response.writeHead(200).flushHeaders();
    await send(body, mishap, response, seen);
  }

  private async sendRange(
    bytes: Buffer,
    from: number,
    to: number,
    mishap: Mishap,
    response: ServerResponse,
    seen: Seen,
  ): Promise<void> {
    const total = bytes.length;
    if (from >= total) {
      response.writeHead(416, { 'content-range': `bytes */${total}` }).end();
      return;
    }
    const start = mishap.kind === 'wrongStart' ? Math.max(0, from - 1) : from;
    const end = mishap.kind === 'shorter' ? from + Math.ceil((to - from) / 2) : to;
    const told = mishap.kind === 'wrongTotal' ? total + 1 : total;
    const body =
      mishap.kind === 'longer'
        ? Buffer.concat([bytes.subarray(start, end), Buffer.from('more')])
        : bytes.subarray(start, end);
    if (mishap.kind === 'gzip') response.setHeader('content-encoding', 'gzip');
    if (mishap.kind === 'multipart') response.setHeader('content-type', 'multipart/byteranges; boundary=x');
    else {
      response.setHeader(
        'content-range',
        mishap.kind === 'unreadableRange' ? 'items 1-2/3' : `bytes ${start}-${end - 1}/${told}`,
      );
    }
    if (!['chunked', 'cutChunks', 'longer'].includes(mishap.kind)) response.setHeader('content-length', body.length);
    response.writeHead(206).flushHeaders();
    await send(body, mishap, response, seen);
  }
}

function marksOf({ bytes, tags, modifiedAt }: Hosted): Record<string, string> {
  const tag = `"${sha256(bytes).slice(0, 16)}"`;
  if (tags === 'strong') return { etag: tag };
  if (tags === 'weak') return { etag: `W/${tag}` };
  return tags === 'date' ? { 'last-modified': new Date(modifiedAt).toUTCString() } : {};
}

/** Sends a body as far as the mishap lets it. */
async function send(body: Buffer, mishap: Mishap, response: ServerResponse, seen: Seen): Promise<void> {
  const until = 'at' in mishap ? Math.floor(body.length * mishap.at) : body.length;
  const step = mishap.kind === 'slow' ? Math.ceil(body.length / 8) : CHUNK;
  for (let from = 0; from < until; from += step) {
    const chunk = body.subarray(from, Math.min(until, from + step));
    await written(response, chunk);
    seen.sent += chunk.length;
    if (mishap.kind === 'slow') await sleep(2);
    if (response.destroyed) return;
  }
  if (mishap.kind === 'stall') return; // and hangs until somebody gives up
  if (mishap.kind === 'drop' || mishap.kind === 'cutChunks') response.destroy();
  else if (mishap.kind === 'end') response.socket?.end();
  else response.end();
}

/** The bytes are with the system, or the connection is gone: what waited here would be lost with it. */
function written(response: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('close', done);
      resolve();
    };
    response.once('close', done).write(chunk, done);
  });
}
