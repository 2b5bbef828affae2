/** What the states mean, and what to do about each. Paths in commands are relative to the git root. */

/** As a command takes it. */
export function inCommand(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) && !path.startsWith('-') ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** @param named as DVC names what is tracked: its `.dvc`, or its stage */
export const dvcWords = {
  modified: (named: string) =>
    `It has changed since it was tracked. Keep the change: \`dvc commit -f ${named}\`. Undo it: \`dvc checkout ${named}\`.`,
  unknown: (named: string) =>
    `DVC does not know yet what is in it. Tell it: \`dvc commit -f ${named}\`${named.includes(':') ? `, or make it anew: \`dvc repro ${named}\`` : ''}.`,
  neverMade: (named: string) => `It was never made, or DVC does not know of it. Make it: \`dvc repro ${named}\`.`,
  missing: (named: string) =>
    `It is not in the workspace, and the cache has it. Bring it back: \`dvc checkout ${named}\`.`,
  elsewhere: (named: string) => `It is neither in the workspace nor in the cache. Fetch it: \`dvc pull ${named}\`.`,
  lost: (named: string) =>
    `It is neither in the workspace nor in the cache, and there is no remote to fetch it from. Add the one that has it (\`mldata track remote add\`) and run \`dvc pull ${named}\`, or build it again.`,
  uncached: (named: string) =>
    `The cache does not have it, so that \`dvc push\` could not send it. Take it in: \`dvc commit -f ${named}\`.`,
  noRemote: () =>
    'Only this machine has it: there is no remote. Add one with `mldata track remote add`, and send it there: `dvc push`.',
  unknownRemote: (remote: string) =>
    `It belongs at the remote ${remote}, which the config of DVC does not have. Add it: \`mldata track remote add ${remote}\`.`,
  lacking: (remote: string, named: string) => `The remote ${remote} does not have it. Send it: \`dvc push ${named}\`.`,
  unasked: (why: string) => `Whether its remote has it is not known. ${why}`,
} as const;

export function untracked(target: string): string {
  const named = inCommand(target);
  return `Neither DVC nor Git LFS keeps it. Track it: \`mldata track ${named} --dvc\` or \`mldata track ${named} --git-lfs\`.`;
}
