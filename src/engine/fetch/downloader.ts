/** Files from many hosts: some at once, fewer from each host, and what is known of the hosts. */
import pLimit, { type LimitFunction } from 'p-limit';
import { Breakers, type HostState } from './breakers';
import { directClient, type Client } from './client';
import { download, type DownloadMeans, type Fetched, type FetchRequest, type Watch } from './download';
import { readPart, type Part, type PartRequest } from './part';
import { probe } from './probe';
import { readReply, type Reply, type ReplyRequest } from './reply';
import { USUAL, type Timing } from './timing';
import { WRITER_THREADS, type WriterThreads } from './writerThread';

export interface DownloaderOptions {
  /** Whether loopback, link-local and private addresses may be asked. */
  readonly allowInner?: boolean;
  /** What asks; absent: Node itself, with the proxies that the environment names. */
  readonly client?: Client;
  readonly timing?: Timing;
  readonly random?: () => number;
  readonly threads?: WriterThreads;
}

const AT_ONCE = 8;
const FROM_ONE_HOST = 4;

export class Downloader {
  private readonly client: Client;
  private readonly timing: Timing;
  private readonly random: () => number;
  private readonly threads: WriterThreads;
  private readonly breakers: Breakers;
  private readonly all = pLimit(AT_ONCE);
  private readonly hosts = new Map<string, LimitFunction>();

  constructor(options: DownloaderOptions = {}) {
    const { allowInner = false, client, timing = USUAL, random = Math.random, threads = WRITER_THREADS } = options;
    this.timing = timing;
    this.client = client ?? directClient({ allowInner, connectMs: timing.connectMs });
    this.random = random;
    this.threads = threads;
    this.breakers = new Breakers(timing.breaker);
  }

  /** What is known of the hosts that were asked. */
  get hostStates(): HostState[] {
    return this.breakers.states();
  }

  /** Throws what {@link download} does. */
  fetch(request: FetchRequest, watch: Watch): Promise<Fetched> {
    return this.inTurn(request.url, () => download(request, this.meansOf(watch), watch));
  }

  /** A short answer, kept nowhere. Throws what {@link readReply} does. */
  read(request: ReplyRequest, watch: Pick<Watch, 'log' | 'signal'>): Promise<Reply> {
    return this.inTurn(request.url, () => readReply(request, this.meansOf(watch), watch));
  }

  /** Some of the bytes of a file, kept nowhere. Throws what {@link readPart} does. */
  part(request: PartRequest, watch: Pick<Watch, 'log' | 'signal'>): Promise<Part> {
    return this.inTurn(request.url, () => readPart(request, this.meansOf(watch), watch));
  }

  /** The status that an address answers with. Throws what {@link probe} does. */
  probe(url: URL, credentials: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
    const { client, timing, breakers } = this;
    return probe({ url, credentials }, { client, timing, breakers, log: () => undefined }, signal);
  }

  /** In the order of the requests. Once one fails, the others are stopped and keep what they have. */
  async fetchAll(requests: readonly FetchRequest[], watch: Watch): Promise<Fetched[]> {
    const stopping = new AbortController();
    const signal = AbortSignal.any([watch.signal, stopping.signal]);
    const fetching = requests.map((request) => this.fetch(request, { ...watch, signal }));
    try {
      return await Promise.all(fetching);
    } catch (error) {
      stopping.abort();
      await Promise.allSettled(fetching);
      throw error;
    }
  }

  private meansOf({ log }: Pick<Watch, 'log'>): DownloadMeans {
    const { client, timing, breakers, random, threads } = this;
    return { client, timing, breakers, random, threads, log };
  }

  private inTurn<T>({ origin }: URL, ask: () => Promise<T>): Promise<T> {
    const host = this.hosts.get(origin) ?? pLimit(FROM_ONE_HOST);
    this.hosts.set(origin, host);
    return host(() => this.all(ask));
  }
}
