/** What a webhook is sent: alerts as one document, or as a text that chats show. */
import { documentHead } from '../version';
import type { AlertMessage, DriftAlert, WebhookSpec } from '../../protocol';

/** A line of the text is no longer, and all of them are not: Discord takes 2000 characters. */
const LINE = 400;
const TEXT = 1800;

/** The body of a request. @param alerts oldest first, at least one */
export function bodyFor(format: NonNullable<WebhookSpec['format']>, alerts: readonly DriftAlert[]): string {
  if (format === 'slack') return JSON.stringify({ text: textOf(alerts) });
  const message: AlertMessage = { ...documentHead('mldata/alert-message'), alerts: [...alerts] };
  return JSON.stringify(message);
}

/** One line for each alert, the newest first; of many, as many as fit. */
export function textOf(alerts: readonly DriftAlert[]): string {
  const lines = alerts.map(({ message }) => plain(message)).reverse();
  if (lines.length === 1) return lines[0] ?? '';
  let text = `${lines.length} alerts:`;
  for (const [index, line] of lines.entries()) {
    if (text.length + line.length > TEXT) return `${text}\n… and ${lines.length - index} more`;
    text += `\n• ${line}`;
  }
  return text;
}

/** Names of columns come from data: they end no line, call nobody (`<!channel>`, `@all`) and link nowhere. */
function plain(words: string): string {
  const line = words.replace(/\p{C}+/gu, ' ');
  const short = line.length > LINE ? `${line.slice(0, LINE - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
  return short
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
    .replaceAll('](', ']\u200b(')
    .replaceAll('://', ':\u200b//');
}
