/** Posting alerts to a webhook. Its address is a secret: what is told of it is how the config writes it. */
import { shownWebhook } from '../../config';
import { MldataError, type DriftAlert, type WebhookSpec } from '../../protocol';
import { redact, remember, type Credentials } from '../credentials';
import type { Downloader, Reply } from '../fetch';
import { bodyFor } from './message';

export interface PostPlace {
  readonly credentials: Credentials;
  readonly downloader: Pick<Downloader, 'read'>;
  readonly signal: AbortSignal;
}

export interface Posted {
  readonly ok: boolean;
  /** Without a full stop. */
  readonly message: string;
}

const SLACK = /^hooks\.slack(?:-gov)?\.com$/;

/** Never throws. @param alerts oldest first, at least one; of trials the answer's words are told too */
export async function postAlerts(
  alerts: readonly DriftAlert[],
  webhook: WebhookSpec,
  { credentials, downloader, signal }: PostPlace,
): Promise<Posted> {
  const name = shownWebhook(webhook.url);
  try {
    const url = await webhookAddress(webhook, credentials, signal);
    const body = bodyFor(webhook.format ?? (SLACK.test(url.hostname) ? 'slack' : 'json'), alerts);
    const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'mldata' };
    const reply = await downloader.read({ url, headers, body, name }, { log: () => undefined, signal });
    const { ok, message } = judged(reply, name, url);
    const words = alerts.every(({ test }) => test) ? wordsOf(reply) : '';
    return { ok, message: words === '' ? message : `${message}: ${words}` };
  } catch (error) {
    const message = signal.aborted
      ? `${name} did not answer in time`
      : error instanceof Error
        ? error.message.replace(/\.$/, '')
        : String(error);
    return { ok: false, message: redact(message) };
  }
}

/** What the references stand for. Throws `secret-missing`, and `webhook-invalid` for what is no address. */
export async function webhookAddress(
  { url: written }: WebhookSpec,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<URL> {
  const resolved = await credentials.resolveAddress(written, signal);
  const url = URL.canParse(resolved) ? new URL(resolved) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new MldataError(
      'config',
      'webhook-invalid',
      `${shownWebhook(written)} stands for no address of a webhook. It begins with https:// and bears no name or password.`,
    );
  }
  secretPartsOf(url).forEach(remember);
  return url;
}

/** What an answer may echo of the address: all of it, what it ends with, and whatever of it is no word. */
function secretPartsOf({ href, pathname, search, searchParams }: URL): string[] {
  const segments = pathname.split('/').filter(Boolean);
  const ends = segments.map((_, index) => segments.slice(index).join('/') + search);
  const single = [...segments, ...searchParams.values()].filter(
    (part) => part.length >= 16 || (part.length >= 8 && /\d/.test(part)),
  );
  return [href, ...ends.filter((end) => end.length > 12), ...single];
}

function judged({ status, header }: Reply, name: string, url: URL): Posted {
  if (status >= 200 && status < 300) return { ok: true, message: `${name} took it (${status})` };
  const location = header('location');
  if (status >= 300 && status < 400) {
    const to =
      location !== undefined && URL.canParse(location, url.href) ? new URL(location, url).origin : 'another address';
    return { ok: false, message: `${name} leads to ${to} (${status}), where alerts do not follow` };
  }
  return { ok: false, message: `${name} refuses it (${status})` };
}

/** The first line of an answer, such as Slack's `invalid_token`; an echo may hold the secret. */
function wordsOf({ text }: Reply): string {
  return redact(text.trim().split('\n')[0] ?? '').slice(0, 200);
}
