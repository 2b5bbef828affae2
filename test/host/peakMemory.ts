/** How much memory a process and those it started took at most, as the system counts it, watched from outside. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const INTERVAL_MS = 50;

export interface Watch {
  /** Peak of each process in bytes, the watched one first. Empty where the system keeps no `/proc`. */
  readonly peaks: () => number[];
  /** The most that files in the folder came to, in bytes. */
  readonly peakBytes: () => number;
  readonly stop: () => void;
}

/** Watches a process, its children, and what the files of a folder come to. */
export function watch(pid: number, folder: string): Watch {
  const peaks = new Map<number, number>();
  let peakBytes = 0;
  const look = () => {
    const tree = [pid];
    for (const each of tree) tree.push(...childrenOf(each));
    // The high-water mark only rises: the last look before the end misses little.
    for (const each of tree) peaks.set(each, Math.max(peaks.get(each) ?? 0, peakOf(each)));
    peakBytes = Math.max(peakBytes, bytesIn(folder));
  };
  const timer = setInterval(look, INTERVAL_MS);
  return {
    peaks: () => [...peaks.values()].filter((bytes) => bytes > 0),
    peakBytes: () => peakBytes,
    stop: () => {
      clearInterval(timer);
    },
  };
}

function childrenOf(pid: number): number[] {
  return (read(`/proc/${pid}/task/${pid}/children`).match(/\d+/g) ?? []).map(Number);
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function bytesIn(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.reduce((sum, { parentPath, name }) => sum + sizeOf(join(parentPath, name)), 0);
  } catch {
    return 0; // it is not there yet, or is being cleared away
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
