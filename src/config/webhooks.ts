/** Addresses that alerts are posted to: what can be wrong with one, and how it is shown. */
import { referencesIn, withReferences, writtenReference } from './secretReferences';

/** What is wrong with an address as it is written, and what to do; undefined for a sound one. Neither shows any of it. */
export function faultOfWebhook(written: string): readonly [message: string, suggestion: string] | undefined {
  // What a reference stands for shows when something is sent.
  if (isReference(written)) return undefined;
  const sample = withReferences(written, () => 'x');
  const url = URL.canParse(sample) ? new URL(sample) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    return ['This is no address of a webhook.', 'Write `${credential:NAME}` or `${env:NAME}`, or `https://host/path`.'];
  }
  if (/^https?:\/\/[^/?#]*\$\{/i.test(written)) {
    return ['The host of the webhook is no secret.', 'Write it out, or make the whole address a `${credential:NAME}`.'];
  }
  if (url.username !== '' || url.password !== '') {
    return ['The address of the webhook bears a name or password.', 'Remove it; a secret path or parameter is enough.'];
  }
  return undefined;
}

/** How one is called: its path may be what nobody else is to know. */
export function shownWebhook(written: string): string {
  if (isReference(written)) return written;
  const [, scheme, host] = /^(https?:\/\/)(?:[^/?#\s]*@)?([^/?#\s@]+)/i.exec(written) ?? [];
  return scheme === undefined || host === undefined ? '…' : `${scheme}${host}/…`;
}

function isReference(written: string): boolean {
  const [only] = referencesIn(written);
  return only !== undefined && writtenReference(only) === written;
}
