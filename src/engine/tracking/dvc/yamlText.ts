/** Scalars as DVC's writer (ruamel, YAML 1.2) writes them, so that what it and mldata write is the same. */

/** What a plain word would be read as instead of text. */
const otherTypes = [
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<|=|)$/,
  /^[-+]?(?:0b[0-1_]+|0o?[0-7_]+|[0-9][0-9_]*|0x[0-9a-fA-F_]+)$/,
  /^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/,
];

/** Letters that stand in no plain and no single-quoted word. */
const UNPRINTABLE = /[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** What begins, ends or divides something else in YAML. */
const INDICATOR = /^(?:[#,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)|^ | $|:(?: |$)| #/;

export function yamlScalar(text: string): string {
  if (UNPRINTABLE.test(text)) return `"${Array.from(text, escaped).join('')}"`;
  if (INDICATOR.test(text) || otherTypes.some((type) => type.test(text))) return `'${text.replaceAll("'", "''")}'`;
  return text;
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(letter: string): string {
  const name = named[letter];
  if (name !== undefined) return name;
  if (!UNPRINTABLE.test(letter)) return letter;
  const code = letter.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
