/** The alerts of a dataset in `.mldata/alerts/`: the last of them, and of which columns somebody was told. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../folders';
import { readText } from '../readText';
import { driftAlertSchema, driftLevels, type AlertList } from '../../protocol';
import type { Told } from './decide';

/** As many alerts as are kept of a dataset. */
const KEPT = 100;

export type KeptAlert = AlertList['alerts'][number];

export interface AlertHistory {
  /** Oldest first. */
  readonly alerts: readonly KeptAlert[];
  readonly told: Told;
}

const fileSchema = z.object({
  kind: z.literal('mldata/alert-history'),
  version: z.literal(1),
  alerts: z.array(driftAlertSchema.extend({ acknowledgedAt: z.string().optional() })),
  told: z.array(z.object({ column: z.string(), level: z.enum(driftLevels) })),
});

/** @param state the folder `.mldata/` */
export function alertFile(state: string, dataset: string): string {
  return join(state, 'alerts', `${dataset}.json`);
}

/** An empty one where there is none that can be read: like all of `.mldata` it may be deleted. */
export async function readAlerts(file: string): Promise<AlertHistory> {
  try {
    const { alerts, told } = fileSchema.parse(JSON.parse(await readText(file)));
    return { alerts, told: new Map(told.map(({ column, level }) => [column, level])) };
  } catch {
    return { alerts: [], told: new Map() };
  }
}

/** The file is there as a whole or as it was before. Whoever writes holds the lock of the dataset. */
export async function keepAlerts(file: string, { alerts, told }: AlertHistory): Promise<void> {
  const content: z.infer<typeof fileSchema> = {
    kind: 'mldata/alert-history',
    version: 1,
    alerts: alerts.slice(-KEPT),
    told: Array.from(told, ([column, level]) => ({ column, level })),
  };
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  await makeFolder(dirname(file));
  try {
    await writeFile(draft, `${JSON.stringify(content)}\n`, { flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** All alerts as seen to: what still drifts is told again. */
export function acknowledged({ alerts }: AlertHistory, at: string): AlertHistory {
  return {
    alerts: alerts.map((alert) => (alert.acknowledgedAt === undefined ? { ...alert, acknowledgedAt: at } : alert)),
    told: new Map(),
  };
}
