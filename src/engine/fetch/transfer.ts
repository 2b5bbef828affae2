/** From what is there of a file to all of it: tries until it is there, or until more tries are of no use. */
import { dirname } from 'node:path';
import { cancelled, MldataError } from '../../protocol';
import { refuseWithoutRoom } from '../output';
import { ask, bodyOf, type Credentials, type Means, type Opened } from './asking';
import { backoffMs, pause } from './backoff';
import { LeftAlone } from './breakers';
import { sizeOf, type Body } from './client';
import { decoded, isOfTheFile } from './encoding';
import { Fault, reasonOf } from './faults';
import type { PartFile } from './partFile';
import type { Meter } from './progress';
import type { Receipt } from './record';
import { encodingOf, judge, type Verdict } from './verdict';

export interface Transfer extends Means {
  readonly url: URL;
  /** The address, as it may be shown. */
  readonly name: string;
  readonly target: string;
  readonly credentials: Credentials;
  /** Whether the whole is checked against a known hash in the end. */
  readonly hashed: boolean;
  /** What stands there, if the server is asked whether that is still so. */
  readonly known?: Receipt | undefined;
  readonly part: PartFile;
  readonly meter: Meter;
  readonly log: (line: string) => void;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** `partly`: what was asked for came, and it was not all. */
type Ending = 'complete' | 'unchanged' | 'partly';

/**
 * Throws `download-failed` after some tries in a row that brought nothing more than was there before, what
 * {@link ask} and `judge` throw, and what the disk does. Whatever it throws, what is there can be gone on from.
 */
export async function transfer(course: Transfer): Promise<Exclude<Ending, 'partly'>> {
  const { part, timing, signal, log, name } = course;
  let failures = 0;
  let furthest = part.bytes;
  for (;;) {
    try {
      const ending = await attempt(course);
      if (ending !== 'partly') return ending;
    } catch (error) {
      if (signal.aborted) throw stopped(part);
      // What was on its way when others, too, met with failures goes on after the host was left alone.
      if (error instanceof LeftAlone && failures > 0) {
        log(`${name}: ${error.message}`);
        await waited(error.forMs, course);
        continue;
      }
      if (!(error instanceof Fault)) throw error;
      failures = part.bytes > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, part.bytes);
      if (failures >= timing.tries) throw gaveUp(course, error, failures);
      const { afterMs } = error.details;
      if (afterMs !== undefined && afterMs > timing.retryAfterMs) throw askedToWait(course, afterMs);
      const ms = afterMs ?? backoffMs(failures, timing.backoff, course.random);
      if (ms > 0) log(`${name}: ${reasonOf(error)}; trying again in ${(ms / 1000).toFixed(1)} s`);
      await waited(ms, course);
    }
  }
}

async function waited(ms: number, { part, signal }: Transfer): Promise<void> {
  await pause(ms, signal).catch(() => {
    throw stopped(part);
  });
}

async function attempt(course: Transfer): Promise<Ending> {
  const { part, url, credentials, name, hashed, signal, timing } = course;
  if (part.total !== undefined && part.bytes > 0 && part.bytes === part.total) return 'complete';
  if (part.bytes > 0 && !part.isResumable) await startOver(course, 'the server gives nothing to go on by');
  const { bytes: from, version, total } = part;
  const opened = await ask({ url, headers: headersOf(course), credentials }, course, signal);
  try {
    const asked = {
      name,
      from,
      ...(from > 0 && { part: { version, total } }),
      hashed,
      redirected: opened.redirected,
    };
    return await follow(judge(opened.answer, asked, Date.now()), opened, course, timing.idleMs);
  } finally {
    opened.answer.discard();
  }
}

function headersOf({ part: { bytes, version }, known }: Transfer): Record<string, string> {
  if (bytes > 0) {
    return { range: `bytes=${bytes}-`, ...(version.validator !== undefined && { 'if-range': version.validator }) };
  }
  // One of them: there are servers that take two versions of one second for the same, whatever their tags are.
  if (known?.etag !== undefined) return { 'if-none-match': known.etag };
  return known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified };
}

async function follow(verdict: Verdict, opened: Opened, course: Transfer, idleMs: number): Promise<Ending> {
  const { part, known, log, name } = course;
  switch (verdict.kind) {
    case 'complete':
      part.total = part.bytes;
      return 'complete';
    case 'unchanged':
      if (known && part.bytes === 0) return 'unchanged';
      await startOver(course, 'the server answered what nobody asked');
      throw new Fault('the server answered what nobody asked', { ofHost: true });
    case 'startOver':
      await startOver(course, verdict.says);
      throw new Fault(verdict.says, { ofHost: false, afterMs: 0 });
    case 'append':
      log(`${name}: resuming from ${shareOf(part.bytes, verdict.total)}`);
      part.doubtful = true;
      part.total = verdict.total;
      await pour(bodyOf(opened, idleMs), verdict.end, course);
      return part.total === part.bytes ? 'complete' : 'partly';
    case 'whole':
      if (verdict.says !== undefined) log(`${name}: ${verdict.says}: starting over`);
      return whole(verdict, opened, course, idleMs);
  }
}

async function whole(
  { version, total }: Extract<Verdict, { kind: 'whole' }>,
  opened: Opened,
  course: Transfer,
  idleMs: number,
): Promise<Ending> {
  const { part, url, name, target, hashed } = course;
  const { answer } = opened;
  const encoding = encodingOf(answer);
  const undone = encoding !== undefined && !isOfTheFile(encoding, url);
  const bytes = undone ? undefined : total;
  await part.restart(version, bytes, encoding === undefined);
  if (bytes !== undefined) await refuseWithoutRoom(dirname(target), bytes, name);
  // A body without length that ends with its connection may have been cut off anywhere.
  const endless = total === undefined && answer.header('transfer-encoding') === undefined;
  if (endless && !hashed && !undone) throw lengthUnknown(name);
  part.doubtful = endless;
  const body = bodyOf(opened, idleMs);
  await pour(undone ? decoded(body, encoding, name) : body, bytes, course);
  part.total = part.bytes;
  return 'complete';
}

/** @param end where it surely ends; undefined: with the body */
async function pour(body: Body, end: number | undefined, course: Transfer): Promise<void> {
  const { part, meter } = course;
  meter.begin(part.bytes);
  for await (const some of body) {
    if (end !== undefined && part.bytes + sizeOf(some) > end) {
      await startOver(course, 'the server sent more than it said');
      throw new Fault('the server sent more than it said', { ofHost: true });
    }
    await part.append(some);
    meter.moved(part.bytes, part.total);
  }
  if (end !== undefined && part.bytes < end) throw new Fault('the answer was cut off', { ofHost: true });
  meter.moved(part.bytes, part.total, true);
}

async function startOver({ part, log, name }: Transfer, says: string): Promise<void> {
  log(`${name}: ${says}: starting over`);
  await part.restart({}, undefined);
}

function shareOf(bytes: number, total: number | undefined): string {
  return total === undefined ? `byte ${bytes}` : `${Math.floor((bytes / total) * 100)} %`;
}

function stopped(part: PartFile): MldataError {
  if (part.bytes === 0 || !part.isResumable) return cancelled();
  return new MldataError(
    'cancelled',
    'cancelled',
    'Cancelled. What was fetched is kept, and is gone on from next time.',
  );
}

function gaveUp({ name, part }: Transfer, error: Fault, tries: number): MldataError {
  const kept = part.bytes > 0 && part.isResumable ? ' What is there is kept, and is gone on from next time.' : '';
  return new MldataError(
    'network',
    'download-failed',
    `${name} cannot be fetched: ${reasonOf(error)}, and ${tries} tries in a row brought nothing more.${kept}`,
    [],
    { cause: error },
  );
}

function askedToWait({ name }: Transfer, ms: number): MldataError {
  return new MldataError(
    'network',
    'download-failed',
    `The server does not send ${name} now: it asks to be left alone for ${Math.ceil(ms / 60_000)} minutes. Try again then.`,
  );
}

function lengthUnknown(name: string): MldataError {
  return new MldataError(
    'network',
    'download-length-unknown',
    `The server does not say how long ${name} is, and nobody could tell whether it came as a whole. Write its \`sha256\` in the config.`,
  );
}
