/** Numbers for people, in their locale. */
import { numbersFor } from '../engine';
import type { Artifact } from '../protocol';

export const { bytes } = numbersFor();

/** The first number that is put into words loads those of the locale, which takes 20 to 40 ms: better while others work. */
export function loadWords(): void {
  (0).toLocaleString();
}

export function count(value: number, one: string, many = `${one}s`): string {
  return `${value.toLocaleString()} ${value === 1 ? one : many}`;
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
