/** Alerts as text for a terminal. */
import type { AlertDelivery, AlertList, WebhookDelivery } from '../protocol';
import type { Console } from './console';
import { count } from './numbers';

export function renderAlerts({ alerts }: AlertList, output: Console): void {
  if (alerts.length === 0) output.line('No alert on this machine.');
  for (const { at, severity, message, acknowledgedAt, webhooks = [] } of alerts) {
    const state = acknowledgedAt === undefined ? 'open' : `acknowledged ${day(acknowledgedAt)}`;
    output.line(`${day(at)}  ${severity.padEnd(6)}  ${message}  (${state})`);
    for (const delivery of webhooks) output.line(`  ${webhookLine(delivery)}`);
  }
}

function webhookLine({ webhook, state, at, message }: WebhookDelivery): string {
  const why = message === undefined ? '' : `: ${message}`;
  switch (state) {
    case 'sent':
      return `sent to ${webhook}${at === undefined ? '' : ` ${day(at)}`}`;
    case 'waiting':
      return `waits for ${webhook}${why}. The next build sends it.`;
    case 'dropped':
      return `not sent to ${webhook}${why}.`;
  }
}

export function renderAcknowledged({ alerts }: AlertList, output: Console): void {
  if (alerts.length === 0) output.note('No alert was open.');
  else
    output.note(`${count(alerts.length, 'alert')} acknowledged. What still drifts is told again with the next build.`);
}

export function renderDeliveries(sent: readonly AlertDelivery[], output: Console): void {
  for (const { dataset, deliveries } of sent) {
    for (const { to, ok, message } of deliveries) {
      const line = `${dataset}: ${to.padEnd(7)}  ${ok ? 'ok' : 'failed'}  ${message}`;
      if (ok) output.note(line);
      else output.line(line);
    }
  }
}

const day = (at: string): string => new Date(at).toLocaleString();
