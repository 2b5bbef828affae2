/** The `.gitignore` beside an output: git must not see what DVC keeps. */

/** The text with a line for a file or folder of its folder, or as it is where it has the line. @param name its name */
export function withIgnored(text: string, name: string): string {
  const line = `/${escaped(name)}`;
  if (text.split(/\r?\n/).includes(line)) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text}${text === '' || text.endsWith('\n') ? '' : newline}${line}${newline}`;
}

/** As DVC escapes it, so that both write the same line; git takes spaces at the end for none. */
function escaped(name: string): string {
  return name.replace(/[\\[\]!*#?]/g, '\\$&').replace(/ $/, '\\ ');
}
