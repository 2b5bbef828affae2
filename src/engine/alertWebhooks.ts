/** Alerts that wait for webhooks: all that one has not seen in one message, after all datasets of a run are built. */
import { join } from 'node:path';
import { shownWebhook } from '../config';
import {
  alertFile,
  keepPost,
  outboxOf,
  postAlerts,
  putPost,
  readAlerts,
  readPosts,
  trimOutbox,
  type Post,
} from './alerts';
import type { Credentials } from './credentials';
import { Downloader, lockWhenFree, USUAL, type Timing } from './fetch';
import { noteHosts } from './hosts';
import { ownFolder } from './workspace';
import type { DatasetSpec, DriftAlert, Finding, WebhookDelivery, WebhookSpec } from '../protocol';

/** All that may be spent on it at the end of a build. */
const LIMIT_MS = 30_000;

/** A build does not wait for a server that takes its time: what it does not take now it is sent with the next build. */
const TIMING: Timing = {
  ...USUAL,
  ...{ connectMs: 5_000, headersMs: 10_000, idleMs: 5_000, tries: 3, retryAfterMs: 10_000 },
  backoff: { firstMs: 500, mostMs: 4_000 },
};

/** What is known of the hosts is kept from one run to the next. */
const downloaders = new Map<boolean, Downloader>();

/** @param allowInner whether addresses of this machine and its network may be asked */
export function webhookDownloader(allowInner: boolean): Downloader {
  const downloader = downloaders.get(allowInner) ?? new Downloader({ allowInner, timing: TIMING });
  downloaders.set(allowInner, downloader);
  return downloader;
}

/** Notes that an alert is to be posted. Throws what the disk does, and `output-blocked`. */
export async function postLater(state: string, alert: DriftAlert, webhook: WebhookSpec): Promise<void> {
  const folder = outboxOf(state);
  for (const path of [join(state, 'alerts'), folder]) await ownFolder(path);
  await putPost(folder, alert, webhook);
  await trimOutbox(folder);
}

export interface SendingRun {
  /** The datasets whose webhooks are told. */
  readonly specs: readonly Pick<DatasetSpec, 'name' | 'drift'>[];
  /** The folder `.mldata/`. */
  readonly state: string;
  readonly credentials: Credentials;
  readonly allowInner: boolean;
  readonly signal: AbortSignal;
}

/** A webhook, and where it is first named. */
interface Named {
  readonly webhook: WebhookSpec;
  readonly dataset: string;
  readonly index: number;
}

/** Posts what waits, one message to each webhook. Never throws: what does not arrive is a warning and waits on. */
export async function sendWaiting(run: SendingRun): Promise<Finding[]> {
  const named = namedIn(run.specs);
  const folder = outboxOf(run.state);
  if (named.length === 0 || !hasWaiting(await readPosts(folder))) return [];
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    // Two that send at once would send everything twice.
    const watch = { log: () => undefined, signal };
    const unlock = await lockWhenFree(folder, 'the outbox of alerts', 'emptied', watch);
    try {
      return await sendUnderLock(run, named, folder, signal);
    } finally {
      await unlock();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const [first] = named;
    return first === undefined ? [] : [notSent(first, 'Alerts', why)];
  }
}

async function sendUnderLock(
  { state, credentials, allowInner }: SendingRun,
  named: readonly Named[],
  folder: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const posts = await readPosts(folder);
  const changed = await withoutAcknowledged(posts, state);
  const downloader = webhookDownloader(allowInner);
  const findings = await Promise.all(
    named.map(async (one) => {
      const waiting = [...posts].filter(([, { to, state: is }]) => is === 'waiting' && isSame(to, one.webhook));
      if (waiting.length === 0) return [];
      const alerts = waiting.map(([, { alert }]) => alert);
      const { ok, message } = await postAlerts(alerts, one.webhook, { credentials, downloader, signal });
      const at = new Date().toISOString();
      for (const [file, { message: _before, ...post }] of waiting)
        changed.set(file, { ...post, at, ...(ok ? { state: 'sent' } : { message }) });
      return ok ? [] : [notSent(one, alerts.length === 1 ? 'An alert' : `${alerts.length} alerts`, message)];
    }),
  );
  for (const [file, post] of changed) await keepPost(file, post);
  await trimOutbox(folder);
  await noteHosts(state, downloader.hostStates);
  return findings.flat();
}

/** What somebody has seen to needs no telling: it is taken out of the posts. Returns how it stands now. */
async function withoutAcknowledged(posts: Map<string, Post>, state: string): Promise<Map<string, Post>> {
  const dropped = new Map<string, Post>();
  for (const [file, post] of posts) {
    if (post.state !== 'waiting') continue;
    const { alerts } = await readAlerts(alertFile(state, post.alert.dataset));
    const known = alerts.find((alert) => alertKey(alert) === alertKey(post.alert));
    if (known?.acknowledgedAt === undefined) continue;
    dropped.set(file, { ...post, state: 'dropped', message: 'it was acknowledged before it was sent' });
  }
  for (const file of dropped.keys()) posts.delete(file);
  return dropped;
}

/** Of every alert, by {@link alertKey}, how far it came. */
export async function webhookDeliveries(state: string): Promise<Map<string, WebhookDelivery[]>> {
  const deliveries = new Map<string, WebhookDelivery[]>();
  for (const { alert, to, state: is, at, message } of (await readPosts(outboxOf(state))).values()) {
    const key = alertKey(alert);
    const delivery: WebhookDelivery = {
      ...{ webhook: shownWebhook(to.url), state: is },
      ...(at !== undefined && { at }),
      ...(message !== undefined && { message }),
    };
    deliveries.set(key, [...(deliveries.get(key) ?? []), delivery]);
  }
  return deliveries;
}

export function alertKey({ dataset, build, at }: Pick<DriftAlert, 'dataset' | 'build' | 'at'>): string {
  return JSON.stringify([dataset, build, at]);
}

function namedIn(specs: SendingRun['specs']): Named[] {
  const named: Named[] = [];
  for (const { name: dataset, drift } of specs) {
    for (const [index, webhook] of (drift?.alerts?.webhooks ?? []).entries()) {
      if (!named.some((one) => isSame(one.webhook, webhook))) named.push({ webhook, dataset, index });
    }
  }
  return named;
}

function isSame(a: WebhookSpec, b: WebhookSpec): boolean {
  return a.url === b.url && a.format === b.format;
}

function hasWaiting(posts: ReadonlyMap<string, Post>): boolean {
  return [...posts.values()].some(({ state }) => state === 'waiting');
}

function notSent({ dataset, index }: Pick<Named, 'dataset' | 'index'>, what: string, why: string): Finding {
  return {
    code: 'alert-not-delivered',
    severity: 'warning',
    message: `${what} did not reach the webhook: ${why.replace(/\.$/, '')}. The next build sends it again.`,
    dataset,
    suggestion: `Try it with \`mldata alerts test ${dataset}\`, which shows what the webhook answers.`,
    configPath: ['datasets', dataset, 'drift', 'alerts', 'webhooks', index],
  };
}
