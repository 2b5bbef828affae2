/** The short ways to write a value, each a pure function from what is written to what it means. */
import { createHash } from 'node:crypto';

export const percentage = /^(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%$/;
export const duration = /^(\d+(?:\.\d+)?)(s|m|h|d)$/;

/** `512MB`, `4 GiB`; some amount, as the engine takes it. */
export const memorySize = /^(?=.*[1-9])\d+(\.\d+)?\s*[KMGT]i?B$/i;

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

const UNITS = ['K', 'M', 'G', 'T'] as const;

/** The bytes of an amount such as `512MB` or `4GiB`, which has been found to be one. */
export function memoryBytes(amount: string): number {
  const [, number, unit, binary] = /^([\d.]+)\s*([KMGT])(i?)B$/i.exec(amount) ?? [];
  const power = UNITS.findIndex((name) => name === unit?.toUpperCase()) + 1;
  return Number(number) * (binary ? 1024 : 1000) ** power;
}

/** `0.8` and `80%` are the same share. The text is a valid percentage. */
export function parseShare(written: number | string): number {
  return typeof written === 'number' ? written : Number(written.slice(0, -1)) / 100;
}

/** `7d`, `12h`, `30m`, `10s` in seconds; a plain number is what it is. */
export function parseDuration(written: number | string): number | undefined {
  if (typeof written === 'number') return written;
  const match = duration.exec(written);
  return match?.[1] === undefined || match[2] === undefined ? undefined : Number(match[1]) * (seconds[match[2]] ?? 1);
}

/** One value or a list of them. */
export function asList<T>(written: T | readonly T[] | undefined): T[] {
  if (written === undefined) return [];
  return Array.isArray(written) ? [...(written as readonly T[])] : [written as T];
}

/** The seed of a dataset that names none: the same on every machine, an unsigned 32-bit integer. */
export function deriveSeed(datasetName: string): number {
  return createHash('sha256').update(datasetName, 'utf8').digest().readUInt32BE(0);
}
