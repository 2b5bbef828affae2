/** `when` clauses as VS Code reads them, as far as package.json uses them: `&&`, `!`, `==`, `!=`, `=~`, `in` and brackets. */
export type Context = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export function holds(when: string | undefined, context: Context): boolean {
  return (when ?? 'true').split(' && ').every((term) => termHolds(term.trim(), context));
}

function termHolds(term: string, context: Context): boolean {
  const negated = /^!\((.*)\)$/.exec(term)?.[1] ?? /^!(?=\w)(.*)$/.exec(term)?.[1];
  if (negated !== undefined) return !termHolds(negated, context);
  const [, member, list] = /^([\w.]+) in ([\w.]+)$/.exec(term) ?? [];
  if (member !== undefined && list !== undefined) {
    const among = context[list];
    return Array.isArray(among) && among.includes(context[member]);
  }
  const [, key = '', operator = '', value = ''] = /^([\w.]+)(?: (==|!=|=~) (.+))?$/.exec(term) ?? [];
  if (key === '') throw new Error(`Not understood: ${term}`);
  if (key === 'true' || key === 'false') return key === 'true';
  const known = context[key] ?? '';
  if (operator === '==') return String(known) === value;
  if (operator === '!=') return String(known) !== value;
  if (operator !== '=~') return known !== '' && known !== false && known !== 0;
  const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/.exec(value) ?? [];
  return new RegExp(source, flags).test(String(known));
}
