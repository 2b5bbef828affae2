/** What people have tracked: files and folders of every shape, and what a folder looks like afterwards. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeAll } from './gitHome';

/** Each breaks some program: YAML, JSON, gitignore patterns, globs, shells, sorting by UTF-16. */
export const hostileNames: readonly string[] = [
  'A.txt',
  'a b.txt',
  'a-b.txt',
  '#1 !we[i]rd*?.csv',
  '!bang',
  ' both sides ',
  '123',
  'null',
  'key: value.csv',
  'back\\slash.txt',
  'quote".txt',
  "it's $HOME.txt",
  '--help',
  'del\u007f.txt',
  'tab\there.txt',
  'new\nline.txt',
  '\u2028ls.txt',
  '\ue000pua.txt',
  '\uff21full.txt',
  '\u{1f600}emoji é e\u0301.txt',
];

/** Name of the file or folder → how it is made in a folder. */
export const trees: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'labels.csv': (folder) => writeAll(folder, { 'labels.csv': 'id,label\n1,cat\n2,dog\n' }),
  'windows.csv': (folder) => writeAll(folder, { 'windows.csv': 'id,label\r\n1,cat\r\n' }),
  'empty.bin': (folder) => writeAll(folder, { 'empty.bin': '' }),
  // Their MD5 are digits, and digits around an e: numbers, if YAML is not told that they are texts.
  'digits.txt': (folder) => writeAll(folder, { 'digits.txt': '682577\n' }),
  'exponent.txt': (folder) => writeAll(folder, { 'exponent.txt': '574565\n' }),
  'tool.sh': async (folder) => {
    await writeAll(folder, { 'tool.sh': '#!/bin/sh\n' });
    await chmod(join(folder, 'tool.sh'), 0o755);
  },
  'empty folder': async (folder) => {
    await mkdir(join(folder, 'empty folder', 'in', 'it'), { recursive: true });
  },
  nested: async (folder) => {
    await writeAll(join(folder, 'nested'), {
      'a.txt': 'A\n',
      'sub/b.txt': 'B\r\n',
      'sub/deeper/still/c.txt': 'A\n',
      'sub.txt': '',
      'sub-a/d': 'd',
      '.hidden/e': 'e',
    });
    await mkdir(join(folder, 'nested', 'sub', 'nothing'));
    await chmod(join(folder, 'nested', 'a.txt'), 0o755);
  },
  linked: async (folder) => {
    await writeAll(join(folder, 'linked'), { 'a.txt': 'linked\n', 'real/b.txt': 'b' });
    await writeAll(folder, { 'elsewhere/c.txt': 'not linked\n' });
    await symlink('a.txt', join(folder, 'linked', 'to file'));
    await symlink(join('..', 'elsewhere', 'c.txt'), join(folder, 'linked', 'to file outside'));
    await symlink('real', join(folder, 'linked', 'to folder'));
  },
  'hostile #1 [names]!': (folder) =>
    writeAll(join(folder, 'hostile #1 [names]!'), Object.fromEntries(hostileNames.map((name) => [name, name]))),
};

/**
 * Everything below a folder: kind, permissions and content by path.
 * @param but what is called so at any depth
 */
export async function whatIsIn(folder: string, but: readonly string[] = []): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of await readdir(folder)) {
    if (but.includes(name)) continue;
    const path = join(folder, name);
    const { mode } = await lstat(path);
    const entry = await describe(path, but);
    if (typeof entry === 'string') found[name] = `${(mode & 0o777).toString(8)} ${entry}`;
    else {
      found[`${name}/`] = 'folder';
      for (const [below, text] of Object.entries(entry)) found[`${name}/${below}`] = text;
    }
  }
  return found;
}

async function describe(path: string, but: readonly string[]): Promise<string | Record<string, string>> {
  const status = await lstat(path);
  if (status.isDirectory()) return whatIsIn(path, but);
  if (status.isSymbolicLink()) return `→ ${await readlink(path)}`;
  return md5Of(path);
}

export async function md5Of(path: string): Promise<string> {
  return createHash('md5')
    .update(await readFile(path))
    .digest('hex');
}

/** MD5 of all data below a folder, as programs read them: through links to files. */
export async function dataIn(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (/^\.(git|dvc|mldata)|\.dvc$|\.gitignore$/.test(name) || !(await stat(path)).isFile()) continue;
    found[name] = await md5Of(path);
  }
  return found;
}
