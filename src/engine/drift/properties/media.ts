/** What the images or recordings are like that a column names. */
import type { Database } from '../../duckdb';
import { audioProperties, imageProperties } from '../../media';
import { lookAtFiles, MOST_IMAGES, MOST_RECORDINGS } from '../../statistics';
import type { ColumnPair } from '../pairs';
import { categories, numbers, type VariableGroup, type Side, type Values } from '../variable';

/** Of the sample of files. */
const SEED = 42;

type Kind = 'number' | 'integer' | 'category';

const properties = {
  image: {
    width: 'integer',
    height: 'integer',
    aspect: 'number',
    bytes: 'integer',
    format: 'category',
    mode: 'category',
  },
  audio: {
    ...{ durationSeconds: 'number', sampleRate: 'integer', channels: 'integer', bytes: 'integer', format: 'category' },
    ...{ silence: 'number', clipping: 'number' },
  },
} as const satisfies Record<'image' | 'audio', Record<string, Kind>>;

type File = Readonly<Record<string, string | number | undefined>>;

export interface MediaGroup extends VariableGroup {
  /** What is to be said of the files of a side. */
  notes(): readonly string[];
}

/** One row for each different file. Throws `image-reader-missing` where there is no library for this platform. */
export function mediaGroup(
  database: Database,
  name: string,
  pair: ColumnPair,
  kind: 'image' | 'audio',
  signal: AbortSignal,
): MediaGroup {
  const table = (side: Side) => `${name}_${side}`;
  const kinds: Readonly<Record<string, Kind>> = properties[kind];
  const names = Object.keys(kinds);
  const notes = new Map<Side, string>();
  return {
    variables: names.map((property) => {
      const values = valuesOf(property, kinds[property]);
      return { property, column: pair.current.name, baseline: values, current: values };
    }),
    look: async (side, { relation, mediaFolders }) => {
      const context = { database, relation, mediaFolders, seed: SEED, signal };
      const { files, sampled, missing, unreadable } =
        kind === 'image'
          ? await lookAtFiles(context, pair[side], MOST_IMAGES, async (file) => {
              const found = await imageProperties(file);
              return found && { ...found, aspect: found.width / found.height };
            })
          : await lookAtFiles(context, pair[side], MOST_RECORDINGS, async (file) => {
              const found = await audioProperties(file, signal);
              if (!found) return undefined;
              const { samples, ...rest } = found;
              const share = (part = 0) => (samples && samples.total > 0 ? part / samples.total : undefined);
              return { ...rest, silence: share(samples?.silent), clipping: share(samples?.clipped) };
            });
      if (missing + unreadable > 0)
        notes.set(
          side,
          `Of the ${side === 'baseline' ? 'baseline' : 'current side'} ${missing + unreadable} files cannot be read.`,
        );
      else notes.delete(side);
      await database.run(
        `CREATE OR REPLACE TABLE ${table(side)} (${names.map((property) => `${property} VARCHAR`).join(', ')})`,
      );
      await database.append(
        table(side),
        files.map((file: File) =>
          names.map((property) => (file[property] === undefined ? null : String(file[property]))),
        ),
      );
      return { relation: table(side), rows: files.length, ...(sampled && { of: sampled.of }) };
    },
    notes: () => [...notes.values()],
    release: async () => {
      for (const side of ['baseline', 'current'] as const) await database.run(`DROP TABLE IF EXISTS ${table(side)}`);
    },
  };
}

function valuesOf(property: string, kind: Kind | undefined): Values {
  return kind === 'category'
    ? categories(property)
    : numbers(`CAST(${property} AS DOUBLE)`, { integer: kind === 'integer' });
}
