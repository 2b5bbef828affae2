/** Where the datasets of a config take their rows from, as it is written. */
import type { ConfigPath, Finding } from '../protocol';
import { isRecord } from './shape';

export interface WrittenAddress {
  /** Undefined: in `defaults`. */
  readonly dataset?: string;
  /** A path, or an address with its references. */
  readonly text: string;
  readonly at: ConfigPath;
  /** What is sent along, with its references. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of S3: what stands beside the address. */
  readonly s3?: WrittenBucket;
}

export interface WrittenBucket {
  readonly endpoint?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly anonymous?: boolean;
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

/**
 * Why nobody is to be asked about a source: what is wrong with it, as the config says it. A scheme that only builds do not
 * know is no reason.
 */
export function faultOfSource({ at }: WrittenAddress, findings: readonly Finding[]): Finding | undefined {
  const entry = ['path', 'uri'].includes(String(at.at(-1))) ? at.slice(0, -1) : at;
  return findings.find(
    ({ severity, code, configPath }) =>
      severity === 'error' &&
      code !== 'not-supported-yet' &&
      configPath !== undefined &&
      entry.every((part, index) => configPath[index] === part),
  );
}

function addressesOf(source: unknown, at: ConfigPath): WrittenAddress[] {
  if (typeof source === 'string') return [{ text: source, at }];
  if (Array.isArray(source)) return source.flatMap((item: unknown, index) => addressesOf(item, [...at, index]));
  if (!isRecord(source)) return [];
  const headers = headersOf(source['headers']);
  const s3 = bucketOf(source);
  return ['path', 'uri'].flatMap((key) =>
    addressesOf(source[key], [...at, key]).map((address) => ({
      ...address,
      ...(headers && { headers }),
      ...(s3 && { s3 }),
    })),
  );
}

function bucketOf(source: Readonly<Record<string, unknown>>): WrittenBucket | undefined {
  const { endpoint, region, profile, anonymous } = source;
  const bucket = {
    ...(typeof endpoint === 'string' && { endpoint }),
    ...(typeof region === 'string' && { region }),
    ...(typeof profile === 'string' && { profile }),
    ...(anonymous === true && { anonymous }),
  };
  return Object.keys(bucket).length === 0 ? undefined : bucket;
}

function headersOf(written: unknown): Record<string, string> | undefined {
  if (!isRecord(written)) return undefined;
  return Object.fromEntries(
    Object.entries(written).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
