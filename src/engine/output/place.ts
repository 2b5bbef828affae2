/** What mldata writes into folders: each kind has one file at its head, which says what else in the folder is of ours. */
import { EXPORT_FILE, MANIFEST_FILE } from '../../protocol';

export interface Kind {
  /** Relative to the folder. */
  readonly head: typeof MANIFEST_FILE | typeof EXPORT_FILE;
  /** What is said of something that stands in the way. */
  readonly inTheWay: string;
}

export const BUILD: Kind = {
  head: MANIFEST_FILE,
  inTheWay: 'and the build writes there. Move it away, or choose another `output.path`.',
};

export const EXPORT: Kind = {
  head: EXPORT_FILE,
  inTheWay: 'and the export writes there. Move it away, or choose another folder.',
};
