/** Names that Python takes. Only the package's folder is named after anything that people wrote. */
import { MldataError } from '../../../protocol';
import { keywords, takenModules } from './pythonWords';

/** Folders of packages lie deep in other folders. */
const LONGEST = 50;

/** Letters, digits and `_`, in lower case, not at its ends `_`; empty where nothing is left. */
function plain(name: string): string {
  // Accents come off: their letters remain.
  const ascii = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return ascii
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, LONGEST)
    .replace(/^_+|_+$/g, '');
}

/** A name that can be imported, stands in the way of no other module, and is the name of a project too. */
export function packageNameOf(dataset: string): string {
  const name = plain(dataset);
  if (name === '') return 'dataset';
  if (/^[0-9]/.test(name)) return `dataset_${name}`;
  return keywords.has(name) || takenModules.has(name) ? `${name}_dataset` : name;
}

/** Throws `package-name` for what is none as it stands. */
export function checkedPackageName(name: string): string {
  const good = packageNameOf(name);
  if (name === good) return name;
  throw new MldataError(
    'usage',
    'package-name',
    `${JSON.stringify(name)} cannot be the name of the Python package. Use small letters, digits and _, ` +
      `and no name that Python or PyTorch needs, such as ${good}.`,
  );
}

/** An identifier for each, different from each other. */
export function keysOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const cleaned = plain(name);
    const wanted = cleaned === '' || /^[0-9]/.test(cleaned) || keywords.has(cleaned) ? `c_${cleaned}` : cleaned;
    let key = wanted;
    for (let number = 2; taken.has(key); number++) key = `${wanted}_${number}`;
    taken.add(key);
    return key;
  });
}

/** Later builds have later versions (PEP 440); files that no build made have the first. */
export function packageVersionOf(builtAt: string | undefined): string {
  const parts = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/
    .exec(builtAt ?? '')
    ?.slice(1)
    .map(Number);
  if (!parts) return '0.1.0';
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return `${year}.${month}.${day}.${hour * 10000 + minute * 100 + second}`;
}
