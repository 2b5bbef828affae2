/**
 * The text of a `.dvc/config`, as DVC's own reader (ConfigObj) takes it. An edit changes the lines of its keys and nothing
 * else: comments, order and line endings stay.
 */

export interface IniEntry {
  /** Lower-case, without quotes: `core`, `remote "store"`. */
  readonly section: string;
  /** Lower-case. */
  readonly key: string;
  readonly value: string;
  /** Of the text, from 0. */
  readonly line: number;
}

/** What stands in a line: a section's head, an entry, or nothing that counts. */
type Line =
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'entry'; readonly key: string; readonly value: string; readonly comment: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'broken' };

/** The entries in their order, and the number of the first line that is none. */
export function readIni(text: string): { readonly entries: IniEntry[]; readonly broken?: number } {
  const entries: IniEntry[] = [];
  let section = '';
  let broken: number | undefined;
  for (const [line, words] of lines(text).entries()) {
    const read = readLine(words);
    if (read.kind === 'section') section = read.name;
    if (read.kind === 'entry') entries.push({ section, key: read.key, value: read.value, line });
    if (read.kind === 'broken') broken ??= line;
  }
  return { entries, ...(broken !== undefined && { broken }) };
}

/** The text with these values in a section; undefined removes one. A section that is left with nothing goes. */
export function editIni(text: string, section: string, values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values).reduce((edited, [key, value]) => editOne(edited, section, key, value), text);
}

function editOne(text: string, section: string, key: string, value: string | undefined): string {
  const all = lines(text);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const reads = all.map(readLine);
  const head = reads.findIndex((line) => line.kind === 'section' && line.name === section.toLowerCase());
  const next = reads.findIndex((line, at) => at > head && line.kind === 'section');
  const end = next === -1 ? all.length : next;
  const at = reads.findIndex(
    (line, at) => head !== -1 && at > head && at < end && line.kind === 'entry' && line.key === key,
  );
  const here = reads[at];
  if (value === undefined) {
    if (at === -1) return text;
    all.splice(at, 1);
    const left = all.slice(head + 1, end - 1);
    if (left.every((line) => line.trim() === '')) all.splice(head, 1 + left.length);
  } else if (here?.kind === 'entry') {
    const indent = /^\s*/.exec(all[at] ?? '')?.[0] ?? '';
    all[at] = `${indent}${key} = ${written(value)}${here.comment === '' ? '' : ` ${here.comment}`}`;
  } else {
    const entry = `    ${key} = ${written(value)}`;
    if (head === -1) all.push(`[${quotedName(section)}]`, entry);
    else all.splice(lastOf(reads, head, end) + 1, 0, entry);
  }
  return all.map((line) => line + newline).join('');
}

/** The line after which an entry is added: the section's last one that says something. */
function lastOf(reads: readonly Line[], head: number, end: number): number {
  for (let at = end - 1; at > head; at--) if (reads[at]?.kind === 'entry') return at;
  return head;
}

function lines(text: string): string[] {
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  return all;
}

const SECTION = /^\s*\[\s*(?:'([^']+)'|"([^"]+)"|([^'"\s[\]][^[\]]*?))\s*\]\s*(?:#.*)?$/;
const ENTRY = /^\s*(?:'([^']*)'|"([^"]*)"|([^'"=\s][^=]*?))\s*=\s*(.*)$/;

function readLine(line: string): Line {
  if (/^\s*(#.*)?$/.test(line)) return { kind: 'other' };
  const section = SECTION.exec(line)?.slice(1).find(Boolean);
  if (section !== undefined) return { kind: 'section', name: section.toLowerCase() };
  const entry = ENTRY.exec(line);
  const key = entry?.slice(1, 4).find(Boolean);
  if (key === undefined) return { kind: 'broken' };
  return { kind: 'entry', key: key.toLowerCase(), ...readValue(entry?.[4] ?? '') };
}

/** Without its quotes; a list is joined with commas. */
function readValue(rest: string): { value: string; comment: string } {
  const values: string[] = [];
  let left = rest.trim();
  while (left !== '' && !left.startsWith('#')) {
    const [whole = left, single, double, plain] = /^(?:'([^']*)'|"([^"]*)"|([^,#]+))\s*,?\s*/.exec(left) ?? [];
    values.push(single ?? double ?? (plain ?? '').trim());
    left = left.slice(whole.length);
  }
  return { value: values.join(','), comment: left };
}

/** Plain where that is read again as it is. */
function written(value: string): string {
  if (value !== '' && value === value.trim() && !/[,#'"\n]/.test(value)) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

function quotedName(section: string): string {
  return /["\s]/.test(section) ? `'${section}'` : section;
}
