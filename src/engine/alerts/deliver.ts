/** Sending an alert everywhere that a config names. One that fails keeps no other from being tried. */
import { confinedPath } from '../sources';
import { shownWebhook } from '../../config';
import {
  MldataError,
  type AlertDelivery,
  type DriftAlert,
  type DriftAlerts,
  type Finding,
  type WebhookSpec,
} from '../../protocol';
import { COMMAND_LIMIT_MS, tellCommand } from './command';
import { appendAlert } from './log';

type Delivery = AlertDelivery['deliveries'][number];

export interface DeliveryPlace {
  readonly dataset: string;
  readonly alerts: DriftAlerts;
  /** The config's folder. */
  readonly folder: string;
  /** What paths of the config do not leave; undefined: they may lie anywhere. */
  readonly root: string | undefined;
  /** Whether commands of the config may be run. */
  readonly trusted: boolean;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
  /** Takes an alert on its way to a webhook. Throws why it could not. */
  readonly toWebhook: (alert: DriftAlert, webhook: WebhookSpec) => Promise<Pick<Delivery, 'ok' | 'message'>>;
}

/** Whether the config names a place for them. */
export function hasPlaces({ command, log, webhooks }: DriftAlerts = {}): boolean {
  return command !== undefined || log !== undefined || webhooks !== undefined;
}

/** In the order log, webhooks, command: what is written down stays, whatever a program does. */
export async function deliver(alert: DriftAlert, place: DeliveryPlace): Promise<Delivery[]> {
  const { command, log, webhooks = [] } = place.alerts;
  return [
    ...(log === undefined ? [] : [await toLog(alert, log, place)]),
    ...(await Promise.all(webhooks.map((webhook, index) => toWebhook(alert, webhook, index, place)))),
    ...(command === undefined ? [] : [await toCommand(alert, command, place)]),
  ];
}

async function toLog(alert: DriftAlert, log: string, { dataset, folder, root }: DeliveryPlace): Promise<Delivery> {
  try {
    await appendAlert(await confinedPath(folder, log, root, ['datasets', dataset, 'drift', 'alerts', 'log']), alert);
    return { to: 'log', ok: true, message: `Added a line to ${log}` };
  } catch (error) {
    return { to: 'log', ok: false, message: said(error, `${log} cannot be written`) };
  }
}

async function toWebhook(
  alert: DriftAlert,
  webhook: WebhookSpec,
  index: number,
  { trusted, toWebhook: take }: DeliveryPlace,
): Promise<Delivery> {
  const name = shownWebhook(webhook.url);
  if (!trusted) {
    const message = `${name} was not told, because the workspace is not trusted`;
    return { to: 'webhook', index, ok: false, message };
  }
  try {
    return { to: 'webhook', index, ...(await take(alert, webhook)) };
  } catch (error) {
    return { to: 'webhook', index, ok: false, message: said(error, `${name} cannot be told`) };
  }
}

async function toCommand(
  alert: DriftAlert,
  command: readonly string[],
  { folder, trusted, signal, limitMs = COMMAND_LIMIT_MS }: DeliveryPlace,
): Promise<Delivery> {
  const [program = ''] = command;
  if (!trusted) {
    return { to: 'command', ok: false, message: `${program} was not run, because the workspace is not trusted` };
  }
  try {
    const { ok, how, lastWords } = await tellCommand(alert, { command, folder, signal, limitMs });
    // What a program says may hold secrets; somebody who tries it wants to read it, a build's report is for many.
    const words = alert.test && lastWords !== '' ? `: ${lastWords}` : '';
    return { to: 'command', ok, message: `${program} ${how}${words}` };
  } catch (error) {
    return { to: 'command', ok: false, message: said(error, `${program} cannot be started`) };
  }
}

function said(error: unknown, what: string): string {
  return error instanceof MldataError
    ? error.message
    : `${what}: ${error instanceof Error ? error.message : String(error)}`;
}

/** A delivery that failed, on its line of the config. */
export function failedDelivery({ to, index, message }: Delivery, dataset: string): Finding {
  const place = index === undefined ? [to] : ['webhooks', index];
  return {
    code: 'alert-not-delivered',
    severity: 'warning',
    message: `An alert did not reach its ${to}: ${message.replace(/\.$/, '')}.`,
    dataset,
    suggestion: `Correct it, and try it with \`mldata alerts test ${dataset}\`, which shows what it says.`,
    configPath: ['datasets', dataset, 'drift', 'alerts', ...place],
  };
}
