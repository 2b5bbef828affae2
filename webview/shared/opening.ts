/** How a page begins: it hears from the editor, or in a file from the messages that were put into it. */
import * as l10n from '@vscode/l10n';
import type { Door } from './door';
import { openDoor } from './door';
import { useLocale } from './format';

/** What the first message of every page says. */
interface Words {
  readonly locale: string;
  /** Texts by their English; absent: English. */
  readonly words?: Readonly<Record<string, string>>;
}

/** Before any part of the page is made: all of them are made of these. */
export function useWords({ words, locale }: Words): void {
  if (words !== undefined) l10n.config({ contents: { ...words } });
  useLocale(locale);
  document.documentElement.lang = words === undefined ? 'en' : locale;
}

/** Nobody is behind a file. */
export const nobody = { send: () => undefined, keep: () => undefined, kept: () => undefined };

/** @param embedded id of the element that holds the messages in an exported file */
export function openPage<From extends { readonly type: string }>(
  embedded: string,
  receive: (message: unknown) => void,
): Door<From | { readonly type: 'ready' }> {
  const found = document.querySelector(`#${embedded}`);
  if (found === null) return openDoor(receive);
  const messages = JSON.parse(found.textContent) as unknown[];
  return { ...nobody, send: ({ type }) => type === 'ready' && messages.forEach(receive) };
}
