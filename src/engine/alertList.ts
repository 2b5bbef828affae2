/** The alerts of the datasets of a config: what they were, that somebody has seen to them, and whether they would arrive. */
import { dirname, join } from 'node:path';
import {
  acknowledged,
  alertFile,
  deliver,
  hasPlaces,
  keepAlerts,
  postAlerts,
  readAlerts,
  trialAlert,
  type KeptAlert,
} from './alerts';
import { alertKey, webhookDeliveries, webhookDownloader } from './alertWebhooks';
import type { Credentials } from './credentials';
import { readManifest, versionId } from './manifest';
import { readConfig } from './readConfig';
import { rootOf } from './run';
import { allowsInner, readUserConfig } from './userLayer';
import { documentHead } from './version';
import { underLock } from './versionChanges';
import { placesOf } from './versions';
import {
  MldataError,
  type AlertDelivery,
  type AlertList,
  type AlertsRequest,
  type AlertTestRequest,
  type DriftAlert,
  type WebhookSpec,
} from '../protocol';

/** Newest first. Throws `dataset-unknown`, and what is wrong with the config. */
export async function listAlerts(request: AlertsRequest): Promise<AlertList> {
  const state = stateOf(request);
  const alerts: KeptAlert[] = [];
  for (const name of await namesOf(request)) alerts.push(...(await readAlerts(alertFile(state, name))).alerts);
  const deliveries = await webhookDeliveries(state);
  return asList(
    alerts.map((alert) => {
      const webhooks = deliveries.get(alertKey(alert));
      return webhooks === undefined ? alert : { ...alert, webhooks };
    }),
  );
}

/** Returns those that were open. Throws `dataset-locked` too, while a dataset with open alerts is being built. */
export async function acknowledgeAlerts(request: AlertsRequest): Promise<AlertList> {
  const { configPath } = request;
  const state = stateOf(request);
  const at = new Date().toISOString();
  const alerts: KeptAlert[] = [];
  for (const name of await namesOf(request)) {
    const file = alertFile(state, name);
    if (!isOpen(await readAlerts(file))) continue;
    const [place] = await placesOf({ configPath, targets: [name], folder: dirname(configPath) });
    if (!place) throw new Error(`${name} was found and nothing was said of it`);
    await underLock(place, async () => {
      const now = acknowledged(await readAlerts(file), at);
      await keepAlerts(file, now);
      alerts.push(...now.alerts.filter(({ acknowledgedAt }) => acknowledgedAt === at));
    });
  }
  return asList(alerts);
}

/** A trial for each dataset that names a place for alerts, in the order of the config. */
export async function testAlerts(
  request: AlertTestRequest,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<readonly AlertDelivery[]> {
  const { configPath, dataset, trusted = false } = request;
  const folder = dirname(configPath);
  const root = rootOf(request);
  const names = dataset === undefined ? undefined : [dataset];
  const user = await readUserConfig();
  const { datasets } = await readConfig({ configPath, ...(names && { names }) }, user);
  const downloader = webhookDownloader(allowsInner(request, user));
  const toWebhook = (trial: DriftAlert, webhook: WebhookSpec) =>
    postAlerts([trial], webhook, { credentials, downloader, signal });
  const done: AlertDelivery[] = [];
  for (const { name, drift, output } of datasets) {
    const alerts = drift?.alerts;
    if ((dataset !== undefined && name !== dataset) || alerts === undefined || !hasPlaces(alerts)) continue;
    const manifest = await readManifest(join(folder, output.path));
    const build = manifest === undefined ? 'none' : versionId(manifest);
    const trial = trialAlert({ dataset: name, build, baseline: drift?.baseline ?? 'none' }, new Date().toISOString());
    const deliveries = await deliver(trial, { dataset: name, alerts, folder, root, trusted, signal, toWebhook });
    done.push({ ...documentHead('mldata/alert-delivery'), dataset: name, deliveries });
  }
  if (done.length > 0) return done;
  throw new MldataError(
    'config',
    'alerts-none',
    `${dataset ?? configPath} names no place for alerts. Add \`alerts: { log: alerts.jsonl }\`, \`webhooks\` or a \`command\` under \`drift\`.`,
  );
}

function stateOf({ configPath }: AlertsRequest): string {
  return join(dirname(configPath), '.mldata');
}

async function namesOf({ configPath, dataset }: AlertsRequest): Promise<readonly string[]> {
  const names = dataset === undefined ? [] : [dataset];
  const { datasetNames } = await readConfig({ configPath, names }, await readUserConfig());
  return dataset === undefined ? datasetNames : names;
}

function isOpen({ alerts }: { readonly alerts: readonly KeptAlert[] }): boolean {
  return alerts.some(({ acknowledgedAt }) => acknowledgedAt === undefined);
}

function asList(alerts: AlertList['alerts']): AlertList {
  const newestFirst = alerts.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  return { ...documentHead('mldata/alerts'), alerts: newestFirst };
}
