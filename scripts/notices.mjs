/**
 * The licences of what the bundles hold and of what ships beside them, as one text: most of them ask for it.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles of the bundles
 * @param {readonly string[]} others packages that ship as files
 * @returns {Promise<string>} a section per package, in the order of their names; throws when one names no licence
 */
export async function thirdPartyNotices(metafiles, others) {
  const bundled = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).flatMap((file) => packageOf(file) ?? [])),
  );
  const folders = new Set([...bundled, ...others.map((name) => `node_modules/${name}`)]);
  const sections = await Promise.all([...folders].map(section));
  return `${sections.sort().join('\n\n')}\n`;
}

/**
 * Packages with all that they need and is installed, of optional ones those of this platform.
 *
 * @param {readonly string[]} names
 * @returns {Promise<string[]>}
 */
export async function withDependencies(names) {
  const found = new Set();
  for (const wanted = [...names]; wanted.length > 0;) {
    const name = wanted.pop();
    const manifest = await readFile(`node_modules/${name}/package.json`, 'utf8').catch(() => undefined);
    if (manifest === undefined || found.has(name)) continue;
    found.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(manifest);
    wanted.push(...Object.keys({ ...dependencies, ...optionalDependencies }));
  }
  return [...found];
}

/** `node_modules/@scope/name/lib/file.js` → `node_modules/@scope/name`; nested ones too. */
function packageOf(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

async function section(folder) {
  const { name, version, license, repository } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  if (!license) throw new Error(`${name} names no licence in its package.json`);
  const origin = typeof repository === 'string' ? repository : (repository?.url ?? '');
  const all = await readdir(folder);
  const named = all.filter((file) => /^(licen[cs]e|notice|copying)([.-].*)?$/i.test(file)).sort();
  // Libraries that hold many others name the licence of each in their description.
  const files = named.length > 0 ? named : all.filter((file) => file === 'README.md' && name.includes('libvips'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return [`# ${name} ${version} (${license})`, origin, ...texts.map((text) => text.trim())]
    .filter(Boolean)
    .join('\n\n');
}
