/** Which keys of the config DVC can follow as parameters of a stage. */
import { parseDocument } from 'yaml';

/** DVC reads a key as a path with dots, whose steps may be patterns, and knows a name that YAML takes for a number by no path. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * The keys `datasets.NAME` and `defaults`, those that DVC can follow. `whole`: they are all that the dataset depends on,
 * so that the rest of the file says nothing of it.
 */
export function parametersOf(
  text: string,
  dataset: string,
): { readonly keys: readonly string[]; readonly whole: boolean } {
  // Dates count: to DVC they are no texts, and it cannot write them into its lock.
  const document = parseDocument(text, { version: '1.2', merge: true, customTags: ['timestamp'], logLevel: 'silent' });
  if (document.errors.length > 0 || document.warnings.length > 0) return { keys: [], whole: false };
  const config: unknown = document.toJS({ mapAsMap: true });
  const datasets = entryOf(config, 'datasets');
  const own = PLAIN_NAME.test(dataset) && canLock(entryOf(datasets, dataset));
  const shared = entryOf(config, 'defaults');
  const keys = [...(own ? [`datasets.${dataset}`] : []), ...(canLock(shared) ? ['defaults'] : [])];
  // Without `defaults` DVC would not hear of those that somebody writes later.
  return { keys, whole: keys.length === 2 };
}

function entryOf(map: unknown, key: string): unknown {
  return map instanceof Map ? map.get(key) : undefined;
}

/** Whether it is there, and DVC can write it into `dvc.lock`: it sorts the keys of a map, which have to be of one kind. */
function canLock(value: unknown): boolean {
  if (value === undefined || value instanceof Date) return false;
  if (Array.isArray(value)) return value.every(canLock);
  if (!(value instanceof Map)) return true;
  const kinds = new Set([...value.keys()].map((key) => typeof key));
  return kinds.size <= 1 && !kinds.has('object') && [...value.values()].every(canLock);
}
