/** The reader takes one kind of line end per file; text that mixes them is copied with one. */
import { normalizeText, type ScanDialect } from '../text';
import { scratchPath, type OpenContext } from './source';
import type { TextInput } from './delimited';

/** The path of a copy whose records all end with LF; line ends in quotes and the numbers of lines stay. */
export async function evenNewlines(
  input: TextInput,
  dialect: ScanDialect | 'lines',
  { scratch, signal }: OpenContext,
): Promise<string> {
  const copy = scratchPath(scratch);
  await normalizeText(input.path, copy, { codec: 'none', records: dialect }, signal);
  return copy;
}

/** Whether the first lines of a text end in different ways. */
export function mixesNewlines(head: Buffer): boolean {
  const text = head.toString('latin1');
  const kinds = [/(?<!\r)\n/, /\r\n/, /\r(?!\n|$)/];
  return kinds.filter((kind) => kind.test(text)).length > 1;
}
