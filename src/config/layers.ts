/** Layers of a config, lowest first: what is built in, the user's own config, `defaults`, the dataset. */
import type { ConfigPath } from '../protocol';
import type { WrittenDataset, WrittenOutput, WrittenSchema, WrittenSplit } from './written';
import type { WrittenDrift } from './writtenDrift';
import type { WrittenProfile } from './writtenProfile';
import type { WrittenTracking } from './writtenTracking';

export interface Layers<T extends object> {
  readonly dataset: string;
  /** What the dataset itself says. */
  readonly own: T;
  /** What `defaults` says, over what the user says. */
  readonly base: T;
  /** Where the key that holds is written; the section itself without a key. */
  readonly where: (key?: keyof T & string) => ConfigPath;
}

/** What of a dataset a user's own config may say. */
export interface UserDefaults {
  readonly schema?: WrittenSchema | undefined;
  readonly split?: WrittenSplit | undefined;
  readonly output?: WrittenOutput | undefined;
  readonly profile?: WrittenProfile | undefined;
  readonly drift?: WrittenDrift | undefined;
  readonly tracking?: WrittenTracking | undefined;
}

/** The layers of one dataset; they hold only what has the written form. */
export interface DatasetLayers {
  readonly name: string;
  readonly own: WrittenDataset;
  /** `defaults` over what the user says. */
  readonly base: WrittenDataset;
  /** What of `base` the user says. */
  readonly user?: UserDefaults;
}

/** Begins paths into the user's own config. The root of a config is a map, so that no other path begins with a number. */
export const USER_FILE = -1;

export interface Sections {
  readonly schema: WrittenSchema;
  readonly split: WrittenSplit;
  readonly output: WrittenOutput;
  readonly profile: WrittenProfile;
  readonly drift: WrittenDrift;
  readonly tracking: WrittenTracking;
}
export const sectionNames = ['schema', 'split', 'output', 'profile', 'drift', 'tracking'] as const;

export function section<K extends keyof Sections>(layers: DatasetLayers, name: K): Layers<Sections[K]> {
  const own = (layers.own[name] ?? {}) as Sections[K];
  const base = (layers.base[name] ?? {}) as Sections[K];
  const user = (layers.user?.[name] ?? {}) as Sections[K];
  const ownPath = ['datasets', layers.name, name];
  const basePath = ['defaults', name];
  return {
    dataset: layers.name,
    own,
    base,
    where: (key) => {
      if (key === undefined) return layers.own[name] === undefined ? basePath : ownPath;
      if (own[key] !== undefined || base[key] === undefined) return [...ownPath, key];
      return user[key] === undefined ? [...basePath, key] : [USER_FILE, ...basePath, key];
    },
  };
}
