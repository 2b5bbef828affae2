/** What is said of files by the kind of problem, and what to do about it. */
import type { MediaProblemCode } from '../../media';

/** Beside what is wrong with a file itself: that it is not there, against a rule, or a copy. */
export type FileProblemCode =
  | MediaProblemCode
  | 'file-missing'
  | 'file-outside'
  | 'file-format'
  | 'file-dimensions'
  | 'file-duration'
  | 'file-sample-rate'
  | 'file-channels'
  | 'file-duplicate';

export interface FileProblem {
  readonly code: FileProblemCode;
  readonly severity: 'error' | 'warning';
  /** Of this file. */
  readonly message: string;
  readonly byte?: number;
}

interface Words {
  /** Completes "3 of 120 files are …". */
  readonly are: string;
  readonly suggestion: string;
}

const again = 'Copy or download them again.';
const rule = 'Correct the files, or the rule under `checks: files`.';

export const problemWords: Readonly<Record<FileProblemCode, Words>> = {
  'file-missing': {
    are: 'not there',
    suggestion: 'Paths are relative to the file that names them. Fetch the files, or drop the rows.',
  },
  'file-outside': { are: 'outside of the git root', suggestion: 'Move the files below the folder of the data.' },
  'file-unreadable': { are: 'not readable', suggestion: 'Check that you may read them.' },
  'file-empty': { are: 'empty', suggestion: again },
  'file-all-zeros': { are: 'zeros only', suggestion: again },
  'file-not-media': {
    are: 'no image and no recording',
    suggestion: 'Look at one of them: a page of an error may have been saved.',
  },
  'file-lfs-pointer': { are: 'only pointed to by Git LFS', suggestion: 'Fetch the files: `git lfs pull`.' },
  'file-wrong-kind': {
    are: 'of another kind than the column',
    suggestion: 'Correct the `type` of the column, or the files.',
  },
  'file-wrong-extension': {
    are: 'of another format than named',
    suggestion: 'Rename them after what they hold.',
  },
  'file-truncated': { are: 'cut short', suggestion: again },
  'file-damaged': { are: 'damaged', suggestion: again },
  'file-trailing-bytes': {
    are: 'followed by bytes that belong to nothing',
    suggestion: 'Write them again if other programs refuse them.',
  },
  'file-length-unknown': {
    are: 'silent about the length',
    suggestion: 'Write them again with a program that can go back in the file.',
  },
  'file-bomb': {
    are: 'larger than can be decoded',
    suggestion: 'Look where they come from: a small file that unfolds to much is often made to harm.',
  },
  'file-timeout': {
    are: 'too slow to decode',
    suggestion: 'Raise `timeout` under `checks: files`, or look at the files.',
  },
  'file-unsupported': {
    are: 'of a format that is not checked',
    suggestion: 'Convert them to a format that is: docs/checks.md#files lists these.',
  },
  'file-format': { are: 'of a format that is not allowed', suggestion: rule },
  'file-dimensions': { are: 'of a size that is not allowed', suggestion: rule },
  'file-duration': { are: 'of a length that is not allowed', suggestion: rule },
  'file-sample-rate': { are: 'of a sample rate that is not allowed', suggestion: rule },
  'file-channels': { are: 'of a number of channels that is not allowed', suggestion: rule },
  'file-duplicate': {
    are: 'the same as another under another name',
    suggestion: 'Keep one of each: copies on both sides of a split flatter a model.',
  },
};
