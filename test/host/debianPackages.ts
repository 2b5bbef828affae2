/** Debian's packages, unpacked into a folder: nothing is installed, so nobody has to be root. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { run } from './processes';

/** Unpacks packages, with everything that they need and this machine lacks, into a folder. apt holds them to their hashes. */
export async function unpackDebian(names: readonly string[], folder: string): Promise<void> {
  const packages = path.join(folder, 'packages');
  await mkdir(packages, { recursive: true });
  await download(names, packages).catch(async () => {
    await run('apt-get', ['update']); // there are no lists of packages yet, or they are old
    await download(names, packages);
  });
  for (const file of await readdir(packages)) await run('dpkg-deb', ['-x', path.join(packages, file), folder]);
  await rm(packages, { recursive: true });
}

async function download(names: readonly string[], folder: string): Promise<void> {
  const options = ['--print-uris', '--reinstall', '--no-install-recommends', '--yes'];
  const plan = await run('apt-get', ['install', ...options, ...names]); // 'http://…' libgloo0_0.0_amd64.deb 200000 SHA256:…
  const missing = [...plan.matchAll(/^'\S+' ([^_\s]+)_/gm)].map(([, name]) => name ?? '');
  // Else root fetches as a user of its own, who may not write there.
  await run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', ...missing], { cwd: folder });
}
