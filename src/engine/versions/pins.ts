/**
 * What tags mean on every branch. The store is shared by all branches, and by configs that write elsewhere, but
 * `versions.yaml` tells only of the one that is checked out.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { versionIdSchema } from '../../protocol';
import { readText } from '../readText';
import { confinementRoot, portablePath } from '../sources';

export const pinsSchema = z.looseObject({
  pins: z.array(
    z.looseObject({
      /** Such as `refs/heads/main`; empty where none is checked out. */
      branch: z.string(),
      /** The folder of the build, relative to the config's. */
      output: z.string(),
      tag: z.string(),
      versions: z.array(versionIdSchema),
    }),
  ),
});
export type Pins = z.infer<typeof pinsSchema>['pins'];

/** @param versions what the tag means here, and what it would go back to; none takes the pin away */
export async function pinned(
  pins: Pins,
  { folder, output }: { readonly folder: string; readonly output: string },
  tag: string,
  versions: string[],
): Promise<Pins> {
  const here = { branch: await branchOf(folder), output: portablePath(folder, output), tag };
  const others = pins.filter((pin) => pin.branch !== here.branch || pin.output !== here.output || pin.tag !== here.tag);
  return versions.length === 0 ? others : [...others, { ...here, versions }];
}

/** Without those of branches that were deleted. */
export async function livePins(pins: Pins, folder: string): Promise<Pins> {
  const git = join(confinementRoot(folder), '.git');
  // In a linked worktree it is a file, and the branches are elsewhere.
  if (!(await stat(git).catch(() => undefined))?.isDirectory()) return pins;
  const packed = await readText(join(git, 'packed-refs')).catch(() => '');
  const found = await Promise.all(
    pins.map(
      async ({ branch }) =>
        branch === '' ||
        packed.split(/\r?\n/).some((line) => line.endsWith(` ${branch}`)) ||
        (await stat(join(git, branch)).catch(() => undefined)) !== undefined,
    ),
  );
  return pins.filter((_, index) => found[index]);
}

async function branchOf(folder: string): Promise<string> {
  const head = await readText(join(confinementRoot(folder), '.git', 'HEAD')).catch(() => '');
  return /^ref: (refs\/\S+)\s*$/.exec(head)?.[1] ?? '';
}
