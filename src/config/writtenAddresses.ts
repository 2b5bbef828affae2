/** Where the datasets of a config take their rows from, as it is written. */
import type { ConfigPath } from '../protocol';
import { isRecord } from './shape';

export interface WrittenAddress {
  /** Undefined: in `defaults`. */
  readonly dataset?: string;
  /** A path, or an address with its references. */
  readonly text: string;
  readonly at: ConfigPath;
}

/** Every `source` of plain data, sound or not, in the order of the config. */
export function writtenAddresses(data: unknown): WrittenAddress[] {
  if (!isRecord(data)) return [];
  const defaults = isRecord(data['defaults']) ? data['defaults'] : {};
  const datasets = isRecord(data['datasets']) ? data['datasets'] : {};
  return [
    ...addressesOf(defaults['source'], ['defaults', 'source']),
    ...Object.entries(datasets).flatMap(([dataset, written]) =>
      addressesOf(isRecord(written) ? written['source'] : undefined, ['datasets', dataset, 'source']).map(
        (address) => ({
          ...address,
          dataset,
        }),
      ),
    ),
  ];
}

function addressesOf(source: unknown, at: ConfigPath): WrittenAddress[] {
  if (typeof source === 'string') return [{ text: source, at }];
  if (Array.isArray(source)) return source.flatMap((item: unknown, index) => addressesOf(item, [...at, index]));
  if (!isRecord(source)) return [];
  return ['path', 'uri'].flatMap((key) => addressesOf(source[key], [...at, key]));
}
