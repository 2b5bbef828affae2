/** Numbers for people, in their locale. */
import type { Artifact } from '../protocol';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString()} ${value === 1 ? one : many}`;
}

export function bytes(value: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  const scaled = value / 1024 ** power;
  return `${scaled.toLocaleString(undefined, { maximumFractionDigits: power === 0 || scaled >= 100 ? 0 : 1 })} ${units[power] ?? 'B'}`;
}

/** What a build read or wrote. */
export function fileText(file: Pick<Artifact, 'path' | 'rows' | 'bytes' | 'sha256'>): string {
  return `${file.path}  ${count(file.rows, 'row')}, ${bytes(file.bytes)}, sha256 ${file.sha256.slice(0, 12)}`;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
