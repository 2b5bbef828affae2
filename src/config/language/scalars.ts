/** Texts as they are written in YAML. */
import { inline } from '../edit';

export type Quote = '"' | "'" | '';

/** In the quotes that are asked for; without any, in those that it needs. */
export function quoted(text: string, quote: Quote): string {
  // Only in double quotes do line breaks stay what they are.
  if (quote === '"' || /[\r\n]/.test(text)) return JSON.stringify(text);
  return quote === "'" ? `'${text.replaceAll("'", "''")}'` : inline(text);
}

/** The quotes in which a text of the config stands. */
export function quoteOf(written: string): Quote {
  const [first] = written;
  return first === '"' || first === "'" ? first : '';
}
