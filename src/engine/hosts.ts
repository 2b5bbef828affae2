/**
 * Hosts that failed so often that they were left alone, in `.mldata/cache/hosts.json`: whoever asks the doctor is another
 * process. Each process finds out for itself whether they answer by now.
 */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { HostState } from './fetch';
import { redact } from './credentials';
import { readText } from './readText';

/** What was longer ago nobody asks about. */
const KEPT_MS = 3_600_000;

const fileSchema = z.object({
  kind: z.literal('mldata/hosts'),
  version: z.literal(1),
  hosts: z.array(z.object({ origin: z.string(), at: z.string(), why: z.string() })),
});
export type FailedHost = z.infer<typeof fileSchema>['hosts'][number];

function hostsFile(state: string): string {
  return join(state, 'cache', 'hosts.json');
}

/** Those that failed in the last hour; none where there is no such file. @param state the folder `.mldata/` */
export async function failedHosts(state: string): Promise<readonly FailedHost[]> {
  try {
    const { hosts } = fileSchema.parse(JSON.parse(await readText(hostsFile(state))));
    return hosts.filter(({ at }) => Date.now() - Date.parse(at) < KEPT_MS);
  } catch {
    return [];
  }
}

/** Notes those that are left alone, and forgets those that answer. What the disk does is nobody's concern. */
export async function noteHosts(state: string, states: readonly HostState[]): Promise<void> {
  const before = await failedHosts(state);
  const now = states.flatMap(({ origin, state: is, lastFailure = 'no answer', openedAt }) =>
    is === 'closed' || openedAt === undefined
      ? []
      : [{ origin, at: new Date(openedAt).toISOString(), why: redact(lastFailure) }],
  );
  const isSettled = (origin: string) =>
    states.some((one) => one.origin === origin && (one.state !== 'closed' || one.lastFailure === undefined));
  const others = before.filter(({ origin }) => !isSettled(origin));
  if (now.length === 0 && others.length === before.length) return;
  const file = hostsFile(state);
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  const content: z.infer<typeof fileSchema> = { kind: 'mldata/hosts', version: 1, hosts: [...others, ...now] };
  try {
    await writeFile(draft, `${JSON.stringify(content)}\n`, { flag: 'wx' });
    await rename(draft, file);
  } catch {
    // It is only told.
  } finally {
    await rm(draft, { force: true });
  }
}
