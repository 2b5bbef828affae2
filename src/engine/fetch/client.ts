/** Asking one address, without following where it leads. */
import { lookup } from 'node:dns/promises';
import type { Readable } from 'node:stream';
import { EnvHttpProxyAgent, request } from 'undici';
import { MldataError, type NetworkSettings } from '../../protocol';
import { networkSettings } from '../network';
import { checkAddress, guardedLookup } from './address';
import { connector } from './connector';
import { trustOf } from './trust';

/** What came since it was last asked, piece by piece: a turn for each would cost more than a fast network leaves. */
export type Body = AsyncIterable<readonly Uint8Array[]>;

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly body: Body;
  /** Gives the rest of the body up. */
  discard(): void;
}

export function sizeOf(some: readonly Uint8Array[]): number {
  return some.reduce((bytes, { length }) => bytes + length, 0);
}

/** @param body what is posted; absent: the address is read */
export type Client = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  body?: string,
) => Promise<Answer>;

export interface ClientOptions {
  /** Whether loopback, link-local and private addresses may be asked. */
  readonly allowInner: boolean;
  readonly connectMs: number;
}

/** How much of a body waits to be taken. */
const AHEAD_BYTES = 1 << 20;

/**
 * Proxies and authorities are those of {@link networkSettings}, else as `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` and
 * `NODE_EXTRA_CA_CERTS` say. An inner address is refused when it is connected to; what a proxy connects to is its own
 * affair, except where the address itself is written out.
 */
export function directClient(options: ClientOptions): Client {
  let network: NetworkSettings | undefined;
  let dispatcher: EnvHttpProxyAgent | undefined;
  return async (url, headers, signal, body) => {
    checkAddress(url, options.allowInner);
    if (dispatcher === undefined || network !== networkSettings()) {
      // Requests on their way end as they began.
      void dispatcher?.close();
      network = networkSettings();
      dispatcher = undefined;
      dispatcher = dispatcherFor(network, options);
    }
    const posted = body === undefined ? {} : { method: 'POST' as const, body };
    const answer = await request(url, { dispatcher, headers, signal, highWaterMark: AHEAD_BYTES, ...posted });
    return {
      status: answer.statusCode,
      header: (name) => [answer.headers[name]].flat()[0],
      body: arrived(answer.body),
      discard: () => void answer.body.on('error', () => undefined).destroy(),
    };
  };
}

function dispatcherFor(network: NetworkSettings, { allowInner, connectMs }: ClientOptions): EnvHttpProxyAgent {
  const { proxy, proxyAuthorization, noProxy } = network;
  const trust = trustOf(network);
  if (proxy !== undefined && proxy !== '' && !URL.canParse(proxy)) throw proxyInvalid();
  return new EnvHttpProxyAgent({
    ...(proxy !== undefined && { httpProxy: proxy, httpsProxy: proxy }),
    ...(noProxy !== undefined && { noProxy }),
    ...(proxyAuthorization !== undefined && { token: proxyAuthorization }),
    connect: connector({ timeout: connectMs, lookup: guardedLookup(allowInner), ...trust }),
    proxyTls: { timeout: connectMs, ...trust },
    requestTls: trust,
    // A proxy passes plain requests on; many open tunnels for https only.
    proxyTunnel: false,
    // One time for all clients is kept by those who ask.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** It may bear a password, so it is not repeated. */
function proxyInvalid(): MldataError {
  return new MldataError(
    'network',
    'proxy-invalid',
    'The address of the proxy is none. Correct the setting http.proxy: http://host:port, with a name and a password where it wants them.',
  );
}

/**
 * A stream that fails forgets what waits in it; here all comes out that came, and then the failure. Listens from now on:
 * it may fail before anybody takes from it.
 */
function arrived(body: Readable): AsyncGenerator<readonly Uint8Array[]> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let over: { readonly error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const end = (how: { readonly error?: unknown }) => {
    over ??= how;
    wake();
  };
  body
    .on('data', (chunk: Uint8Array) => {
      waiting.push(chunk);
      bytes += chunk.length;
      if (bytes > AHEAD_BYTES) body.pause();
      wake();
    })
    .on('end', () => {
      end({});
    })
    .on('error', (error) => {
      end({ error });
    })
    .on('close', () => {
      end({ error: new Error('the connection was closed') });
    });
  return (async function* () {
    for (;;) {
      if (waiting.length > 0) {
        const some = waiting;
        [waiting, bytes] = [[], 0];
        body.resume();
        yield some;
      } else if (over) {
        if ('error' in over) throw over.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          // Not before all is read that can be read at once.
          wake = () => {
            wake = () => undefined;
            setImmediate(resolve);
          };
        });
      }
    }
  })();
}

/** Throws `address-not-allowed` for an inner address, also where a name stands for it: for programs that connect by themselves. */
export async function refuseInner(url: URL): Promise<void> {
  checkAddress(url, false);
  await checkName(url);
}

/** Where nobody here knows the name, a proxy may. */
async function checkName(url: URL): Promise<void> {
  const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => []);
  for (const { address } of found) {
    checkAddress(new URL(`http://${address.includes(':') ? `[${address}]` : address}`), false);
  }
}
