/** The files that a conversion touches, each before and after, and their writing in that order. */
import { rm } from 'node:fs/promises';
import type { TrackedChange } from '../../../protocol';
import { portablePath } from '../../sources';
import { changeOf, replaceText } from '../change';

export interface FileEdit {
  /** Absolute. */
  readonly path: string;
  /** Undefined: there is no file. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Writes what differs. Throws `tracking-unwritable`. @param root what the paths of the changes are relative to */
export async function writeEdits(edits: readonly FileEdit[], root: string, dryRun: boolean): Promise<TrackedChange[]> {
  const changed = edits.filter(({ before, after }) => before !== after);
  for (const { path, after } of dryRun ? [] : changed) {
    if (after === undefined) await rm(path, { force: true });
    else await replaceText(path, after);
  }
  return changed.map(({ path, before, after }) =>
    changeOf(portablePath(root, path), bytesOf(before), bytesOf(after), dryRun),
  );
}

function bytesOf(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}
