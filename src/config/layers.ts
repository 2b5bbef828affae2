/** A section of a dataset over the same section of `defaults`, and where each of its keys is written. */
import type { ConfigPath } from '../protocol';
import type { WrittenDataset, WrittenOutput, WrittenSchema, WrittenSplit } from './written';

export interface Layers<T extends object> {
  readonly dataset: string;
  /** What the dataset itself says. */
  readonly own: T;
  /** What `defaults` says. */
  readonly base: T;
  /** Where the key that holds is written; the section itself without a key. */
  where(key?: keyof T & string): ConfigPath;
}

/** The layers of one dataset; `own` and `base` hold only what has the written form. */
export interface DatasetLayers {
  readonly name: string;
  readonly own: WrittenDataset;
  readonly base: WrittenDataset;
}

interface Sections {
  readonly schema: WrittenSchema;
  readonly split: WrittenSplit;
  readonly output: WrittenOutput;
}

export function section<K extends keyof Sections>(layers: DatasetLayers, name: K): Layers<Sections[K]> {
  const own = (layers.own[name] ?? {}) as Sections[K];
  const base = (layers.base[name] ?? {}) as Sections[K];
  const ownPath = ['datasets', layers.name, name];
  const basePath = ['defaults', name];
  return {
    dataset: layers.name,
    own,
    base,
    where: (key) => {
      if (key === undefined) return layers.own[name] === undefined ? basePath : ownPath;
      return own[key] === undefined && base[key] !== undefined ? [...basePath, key] : [...ownPath, key];
    },
  };
}
