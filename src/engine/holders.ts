/**
 * Who holds a lock or runs, as the name of a file says it: the number of a process, the machine that the number is of, and when
 * that process started. A container has numbers of its own, and numbers are used again.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Holder {
  readonly pid: number;
  /** Absent: this one, as older versions wrote it. */
  readonly machine?: string;
  /** Absent: the system did not say. */
  readonly started?: string;
}

/** How often a holder says that it is still there, to those who cannot see its process. */
export const BEAT_MS = 10_000;
/** So long after it last did, one whose process nobody here sees is over. */
const SILENT_MS = 90_000;

/** Processes of one machine see each other by their numbers. */
const MACHINE = shortHash(hostname(), numbersOf());

/** The name of this process. */
export const OWN_NAME = `${process.pid}-${MACHINE}-${startOf(process.pid)}`;

/** Undefined for a name that says nobody. */
export function holderOf(name: string): Holder | undefined {
  const parts = /^(\d+)(?:-([0-9a-f]{8})-([0-9a-f]{8})?)?$/.exec(name);
  if (!parts) return undefined;
  const [, pid, machine, started] = parts;
  return { pid: Number(pid), ...(machine !== undefined && { machine }), ...(started !== undefined && { started }) };
}

/** Whether its process is one of another machine, or of another container. */
export function isElsewhere({ machine = MACHINE }: Holder): boolean {
  return machine !== MACHINE;
}

/** @param silentMs how long ago it last said that it is there, by the clock of the disk */
export function isHolding(holder: Holder, silentMs: number): boolean {
  const { pid, started } = holder;
  if (isElsewhere(holder)) return silentMs < SILENT_MS;
  // One of this process that stands although nobody here has the lock was left over.
  if (pid === process.pid || !isAlive(pid)) return false;
  // A system may keep to itself when the processes of others started.
  return started === undefined || ['', started].includes(startOf(pid));
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Tells apart what counts processes for itself; empty where the system has nothing of the kind. */
function numbersOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Of which start of the machine, and when after it, a process is; empty where the system does not say. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may have spaces in it; the time is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? '' : shortHash(boot, ticks);
  } catch {
    return '';
  }
}

function shortHash(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
}
