/** The real Git LFS that tracking is compared with. */
import path from 'node:path';
import { cached } from './cache';
import { unpackDebian } from './debianPackages';
import { onPath } from './processes';

/** Path of `git-lfs`: installed, else from Debian's package, unpacked into the user's cache folder (once, 3 MB). */
export async function gitLfsProgram(): Promise<string> {
  return onPath('git-lfs') ?? path.join(await fromPackage(), 'usr', 'bin', 'git-lfs');
}

/** An environment in which `git lfs` is that program, installed or not. */
export async function withGitLfs(env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv> {
  const folder = path.dirname(await gitLfsProgram());
  return { ...env, PATH: [folder, env['PATH'] ?? ''].join(path.delimiter) };
}

function fromPackage(): Promise<string> {
  return cached(`git-lfs-debian-${process.arch}`, async (staging) => {
    console.log('Fetching Git LFS for the tests (once) …');
    await unpackDebian(['git-lfs'], staging).catch((error: unknown) => {
      throw new Error('These tests need Git LFS: install it (https://git-lfs.com; Debian: apt-get install git-lfs).', {
        cause: error,
      });
    });
  });
}
