/** The files that a pipeline needs changed, each before and after, and their writing in that order. */
import { rm } from 'node:fs/promises';
import type { TrackedChange } from '../../../protocol';
import { portablePath } from '../../sources';
import { changeOf, replaceText } from '../change';
import type { DvcRepository } from '../dvc';
import { ask, literally, type GitRepository } from '../git';

export interface FileEdit {
  /** Absolute. */
  readonly path: string;
  /** Undefined: there is no file. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Writes what differs, and stages it where DVC is to stage what it writes. Throws `tracking-unwritable` and `git-failed`. */
export async function writeEdits(
  edits: readonly FileEdit[],
  { git, dvc }: { readonly git: GitRepository | undefined; readonly dvc: DvcRepository },
  dryRun: boolean,
): Promise<TrackedChange[]> {
  const root = git?.root ?? dvc.root;
  const changed = edits.filter(({ before, after }) => before !== after);
  for (const { path, after } of dryRun ? [] : changed) {
    if (after === undefined) await rm(path, { force: true });
    else await replaceText(path, after);
  }
  const changes = changed.map(({ path, before, after }) => changeOf(portablePath(root, path), before, after, dryRun));
  if (git !== undefined && dvc.autostage && !dryRun) {
    const [removed, standing] = [true, false].map((gone) =>
      changes.filter(({ change }) => (change === 'removed') === gone).map(({ path }) => literally(path)),
    );
    if (standing?.length) await ask(root, ['add', '--', ...standing]);
    if (removed?.length) await ask(root, ['rm', '--cached', '--quiet', '--ignore-unmatch', '--', ...removed]);
  }
  return changes;
}
