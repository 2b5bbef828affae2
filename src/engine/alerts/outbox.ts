/**
 * Alerts on their way to webhooks, in `.mldata/alerts/outbox/`: a file for each of both, which is there before anything is sent. What
 * does not arrive waits for the next build.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readText } from '../readText';
import {
  driftAlertSchema,
  webhookDeliverySchema,
  webhookSpecSchema,
  type DriftAlert,
  type WebhookSpec,
} from '../../protocol';

/** As many as are kept, sent or not. */
const KEPT = 100;

const recordSchema = z.object({
  kind: z.literal('mldata/alert-post'),
  version: z.literal(1),
  alert: driftAlertSchema,
  to: webhookSpecSchema,
  ...webhookDeliverySchema.omit({ webhook: true }).shape,
});
export type Post = z.infer<typeof recordSchema>;

/** @param state the folder `.mldata/` */
export function outboxOf(state: string): string {
  return join(state, 'alerts', 'outbox');
}

/** The folder stands. Throws what the disk does. */
export async function putPost(folder: string, alert: DriftAlert, to: WebhookSpec): Promise<void> {
  // In the order of their names.
  const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(4).toString('hex')}.json`;
  await keepPost(join(folder, name), { kind: 'mldata/alert-post', version: 1, alert, to, state: 'waiting' });
}

/** By their files, oldest first. Like all of `.mldata` they may be deleted; what cannot be read is left out. */
export async function readPosts(folder: string): Promise<Map<string, Post>> {
  const names = await readdir(folder).catch(() => []);
  const posts = new Map<string, Post>();
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const file = join(folder, name);
    const text = await readText(file).catch(() => '');
    const read = recordSchema.safeParse(parsed(text));
    if (read.success) posts.set(file, read.data);
  }
  return posts;
}

/** As a whole, or as it was before. */
export async function keepPost(file: string, post: Post): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, `${JSON.stringify(post)}\n`, { flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the oldest, so that an outbox that nobody empties does not grow for ever. */
export async function trimOutbox(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).sort();
  for (const name of names.slice(0, -KEPT)) await rm(join(folder, name), { force: true });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
