/** Figures and names in sentences that people read. */

/** `19.9 %`: three digits, and never 0% or 100% of what is not. */
export function percent(share: number): string {
  if (share > 0 && share < 0.00001) return 'less than 0.001 %';
  const shown = Number((100 * share).toPrecision(3));
  return share < 1 && shown === 100 ? 'more than 99.9 %' : `${shown} %`;
}

export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

export function valuesOf(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

/** `a`, `a and b`, `a, b and c`. */
export function inWords(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');
}

/** `drop: { columns: [Age] }`, as it is written in a config. */
export function step(name: string, column: string, more = ''): string {
  return `\`${name}: { columns: [${inYaml(column)}]${more} }\``;
}

export function inYaml(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_ .-]*$/.test(name) && !/^(true|false|null|yes|no|on|off)$|\s$/i.test(name)
    ? name
    : JSON.stringify(name);
}

/** `12.3 MB`: decimal units, as thresholds are written. */
export function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return bytes === 1 ? '1 byte' : `${figure(bytes / 1000 ** power)} ${units[power] ?? ''}`;
}

export function filesOf(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
