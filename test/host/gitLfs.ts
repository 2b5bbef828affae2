/** The real Git LFS that tracking is compared with. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache';
import { onPath, run } from './processes';

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
    try {
      await download(staging).catch(async () => {
        await run('apt-get', ['update']); // there are no lists of packages yet, or they are old
        await download(staging);
      });
    } catch (error) {
      throw new Error('These tests need Git LFS: install it (https://git-lfs.com; Debian: apt-get install git-lfs).', {
        cause: error,
      });
    }
  });
}

async function download(staging: string): Promise<void> {
  const packages = path.join(staging, 'package');
  await mkdir(packages, { recursive: true });
  // Else root fetches as a user of its own, who may not write there.
  await run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', 'git-lfs'], { cwd: packages });
  for (const file of await readdir(packages)) await run('dpkg-deb', ['-x', path.join(packages, file), staging]);
  await rm(packages, { recursive: true });
}
