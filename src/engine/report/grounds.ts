/** Where a finding stands: its places in the data and its line in the config, as paths of the repository. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAddress, parseConfig, type ParsedConfig } from '../../config';
import type { ConfigPath, Location } from '../../protocol';
import { confinementRoot, isInside } from '../sources';

/** A place in a file; `uri` is relative to the root of the repository, else absolute. */
export interface Place extends Omit<Location, 'file'> {
  readonly uri: string;
}

/** A document with findings: absolute path of the config that they stand in; absent where none was needed. */
interface Judged {
  readonly config?: string | undefined;
}

export interface Grounds {
  /** In the order of the finding's locations. */
  places(document: Judged, locations: readonly Location[]): Place[];
  /** Where the config says it, or the nearest that it says; undefined without a config that can be read. */
  written(document: Judged, path: ConfigPath): Place | undefined;
}

/** Reads the configs behind the documents; one that is gone since leaves its findings without a line. */
export async function readGrounds({
  documents,
  folder,
}: {
  readonly documents: readonly Judged[];
  /** Where paths begin that are not the config's. */
  readonly folder: string;
}): Promise<Grounds> {
  const configs = new Map<string, ParsedConfig | undefined>();
  for (const { config } of documents) {
    if (config === undefined || configs.has(config)) continue;
    const text = await readFile(config, 'utf8').catch(() => undefined);
    configs.set(config, text === undefined ? undefined : parseConfig(text, config));
  }
  const [first = folder] = documents.map(({ config }) => (config === undefined ? folder : dirname(config)));
  const root = confinementRoot(first);
  const uriOf = (file: string): string =>
    isInside(root, file) ? relative(root, file).split(sep).map(encodeURIComponent).join('/') : pathToFileURL(file).href;
  const placeOf = ({ file, ...rest }: Location, base: string): Place => ({
    // What was fetched is where it came from.
    uri: isAddress(file) && URL.canParse(file) ? new URL(file).href : uriOf(resolve(base, file)),
    ...rest,
  });
  return {
    places: ({ config }, locations) =>
      locations.map((location) => placeOf(location, config === undefined ? folder : dirname(config))),
    written: ({ config }, path) => {
      const location = config === undefined ? undefined : configs.get(config)?.locate(path, 'key');
      return location && placeOf(location, folder);
    },
  };
}
