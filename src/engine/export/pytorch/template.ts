/** The Python code of a package: the same for every dataset, so that no name of the data ever becomes code. */
import { copyFile, readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { makeFolder } from '../../folders';

/** Beside the folder of the bundle that this is part of. */
const TEMPLATE = join(__dirname, '..', 'media', 'export', 'pytorch');
/** What becomes the folder with the package's name. */
const PACKAGE = 'package/';

/** Copies it, and returns the paths of its files from the folder, sorted. */
export async function copyTemplate(folder: string, packageName: string, template = TEMPLATE): Promise<string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(template.length + 1)
        .replaceAll(sep, '/'),
    )
    // What Python leaves behind where somebody tried the template is no part of it.
    .filter((name) => !name.includes('__pycache__'));
  const paths: string[] = [];
  for (const name of names.sort()) {
    const path = name.startsWith(PACKAGE) ? `src/${packageName}/${name.slice(PACKAGE.length)}` : name;
    await makeFolder(dirname(join(folder, path)));
    await copyFile(join(template, name), join(folder, path));
    paths.push(path);
  }
  return paths.sort();
}
