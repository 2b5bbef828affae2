/** Files that were moved aside because they are not whole, and the way back. */
import * as z from 'zod';
import { documentFields } from './document';

/** The list that stands in a folder of quarantine beside the files, a line for each. */
export const MOVED_FILE = 'moved.jsonl';

export const putBackSchema = z.strictObject({
  ...documentFields('mldata/put-back'),
  /** The folder of quarantine, absolute. */
  folder: z.string(),
  /** Where files stand again, absolute, in the order in which they were moved aside. */
  putBack: z.array(z.string()),
  left: z.array(
    z.strictObject({
      /** Where it came from, and where it lies. */
      from: z.string(),
      to: z.string(),
      /** Something else stands where it came from; it is in neither place; moving it failed. */
      why: z.enum(['occupied', 'gone', 'failed']),
      message: z.string(),
    }),
  ),
});
export type PutBack = z.infer<typeof putBackSchema>;

export interface PutBackRequest {
  /** The folder of quarantine, absolute. */
  readonly quarantine: string;
  /** Absolute; nothing is put outside of its git root, else of itself. */
  readonly folder: string;
  readonly allowOutsidePaths?: boolean;
  /** Only those that came from these places, absolute; absent: all. */
  readonly files?: readonly string[];
}
