/** How texts from the config appear in messages. */

/** At most 60 characters, so that a message stays one sentence. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
