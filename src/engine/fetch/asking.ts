/** One request, with a time for its answer, led on where the server leads. */
import { cancelled, MldataError } from '../../protocol';
import { checkAddress, shown } from './address';
import type { Breakers } from './breakers';
import type { Answer, Client } from './client';
import { asFault, Fault } from './faults';
import type { Timing } from './timing';
import { hostFailure } from './verdict';

export interface Means {
  readonly client: Client;
  readonly breakers: Breakers;
  readonly timing: Timing;
  readonly log: (line: string) => void;
}

/** Headers that only the origin of the address may see; made anew for each request where they are of the moment, as signatures are. */
export type Credentials = Readonly<Record<string, string>> | ((url: URL) => Promise<Readonly<Record<string, string>>>);

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** What is posted. Only the address itself gets it: it is led nowhere else. */
  readonly body?: string | undefined;
}

/** An answer whose body is still to come. */
export interface Opened {
  readonly answer: Answer;
  /** Whether another origin answered than was asked. */
  readonly redirected: boolean;
  /** Makes reading the body fail with this. */
  readonly stop: (why: Error) => void;
}

const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Always begins at the address itself: where a server led before may have expired. Throws `Fault`, `too-many-redirects`, `redirect-unsafe`, `address-not-allowed`, `host-failing`. */
export async function ask(
  { url, headers, credentials, body }: Question,
  means: Means,
  signal: AbortSignal,
): Promise<Opened> {
  let current = url;
  let own = true;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    own &&= current.origin === url.origin;
    // The same bytes as on the server: else a first and a second answer may be of different forms.
    const shownTo = own ? await credentialsFor(current, credentials) : {};
    const sent = { 'accept-encoding': 'identity', ...headers, ...shownTo };
    const opened = await means.breakers.ask(
      current.origin,
      () => askOnce(current, sent, means, signal, body),
      means.log,
    );
    const location =
      body === undefined && REDIRECTS.has(opened.answer.status) ? opened.answer.header('location') : undefined;
    if (location === undefined) return { ...opened, redirected: current.origin !== url.origin };
    opened.answer.discard();
    current = nextAddress(current, location);
  }
  throw new MldataError(
    'network',
    'too-many-redirects',
    `${shown(url)} leads to another address, and that to another, more than ${MOST_REDIRECTS} times.`,
  );
}

async function credentialsFor(url: URL, credentials: Credentials): Promise<Readonly<Record<string, string>>> {
  return typeof credentials === 'function' ? credentials(url) : credentials;
}

function nextAddress(current: URL, location: string): URL {
  const next = URL.canParse(location, current.href) ? new URL(location, current.href) : undefined;
  if (!next || (current.protocol === 'https:' && next.protocol !== 'https:')) {
    throw new MldataError(
      'network',
      'redirect-unsafe',
      `${shown(current)} leads to ${next ? `${shown(next)}, where anybody on the way can change what is sent` : 'what is no address'}.`,
    );
  }
  // The client asks again what the address is; of a scheme it does not know it would say less.
  checkAddress(next, true);
  return next;
}

async function askOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { client, timing }: Means,
  signal: AbortSignal,
  body: string | undefined,
): Promise<Omit<Opened, 'redirected'>> {
  const stopping = new AbortController();
  const late = setTimeout(() => {
    stopping.abort(new Fault(`no answer came for ${timing.headersMs / 1000} s`, { ofHost: true }));
  }, timing.headersMs);
  const stop = (why: Error) => {
    stopping.abort(why);
  };
  try {
    const answer = await client(url, headers, AbortSignal.any([signal, stopping.signal]), body);
    const failure = hostFailure(answer);
    if (!failure) return { answer, stop };
    answer.discard();
    throw failure;
  } catch (error) {
    // Whoever gives up says nothing about the host.
    if (signal.aborted) throw cancelled();
    throw stopping.signal.aborted ? (stopping.signal.reason as Error) : asFault(error);
  } finally {
    clearTimeout(late);
  }
}

/** The bytes of a body, and none later than `idleMs` after the one before. Throws `Fault`. */
export async function* bodyOf({ answer, stop }: Opened, idleMs: number): AsyncGenerator<readonly Uint8Array[]> {
  let stalled: Fault | undefined;
  const idle = setTimeout(() => {
    stalled = new Fault(`no byte came for ${idleMs / 1000} s`, { ofHost: true });
    stop(stalled);
  }, idleMs);
  try {
    for await (const some of answer.body) {
      idle.refresh();
      yield some;
      idle.refresh();
    }
  } catch (error) {
    throw stalled ?? asFault(error);
  } finally {
    clearTimeout(idle);
  }
}
