/** Findings of Git LFS: what a person has to know or to do beside the lines that are written. */
import { MAX_SAMPLES, type Finding } from '../../../protocol';
import { filesOf, inWords, sizeOf } from '../../words';
import type { Committed } from './committed';
import { isGuarded } from './guards';
import type { LfsProgram } from './program';

/** What keeps git from handing files to Git LFS. */
export function programFindings({ version, filters }: LfsProgram): Finding[] {
  if (version === null) {
    return [
      {
        code: 'lfs-missing',
        severity: 'warning',
        message: 'Git LFS is not installed here: until it is, git commits these files as they are.',
        suggestion:
          'Install it (https://git-lfs.com; `apt install git-lfs`, `brew install git-lfs`; with Git for Windows it comes along), and run `git lfs install` once.',
      },
    ];
  }
  if (filters) return [];
  return [
    {
      code: 'lfs-install-needed',
      severity: 'warning',
      message: 'Git LFS is installed, but git does not know of it: until it does, it commits these files as they are.',
      suggestion: 'Run `git lfs install` once.',
    },
  ];
}

/** @param by the file whose lines cover them */
export function committedFindings(committed: readonly Committed[], by: string): Finding[] {
  const whole = committed.filter(({ bytes, pointer }) => pointer === undefined && bytes > 0);
  if (whole.length === 0) return [];
  const bytes = whole.reduce((sum, file) => sum + file.bytes, 0);
  const paths = whole.map(({ path }) => path);
  return [
    {
      code: 'lfs-committed',
      severity: 'warning',
      message: `Git itself has ${filesOf(whole.length)} of ${sizeOf(bytes)} already: ${by} counts from the next commit of each on, and what is in the history stays there.`,
      count: whole.length,
      samples: paths.slice(0, MAX_SAMPLES),
      suggestion:
        `For the next commit: \`git add ${inShell([by])}\`, then \`git add --renormalize ${inShell(paths)}\`. To take them out of the history as well: ` +
        `\`git lfs migrate import --everything ${includeOf(paths)}\`. Its price: it writes every commit anew that has them, ` +
        'so that every branch must be pushed with `--force`, open pull requests break, and everybody clones anew. mldata runs neither.',
    },
  ];
}

/** @param paths what a line that somebody wrote makes files of Git LFS: files, and patterns of those that may come */
export function takenFindings(paths: readonly string[], by: string): Finding[] {
  if (paths.length === 0) return [];
  const lines = paths.map((path) => `${isGuarded(path) ? path : `/${path}`} -filter !diff !merge text`);
  return [
    {
      code: 'lfs-text-covered',
      severity: 'warning',
      message: `A line of ${by} covers more than data: ${inWords(paths.slice(0, MAX_SAMPLES))} would be pointers too, which git, DVC and mldata cannot read in a clone that did not fetch them.`,
      count: paths.length,
      samples: paths.slice(0, MAX_SAMPLES),
      suggestion: `Write a narrower pattern, or add behind it: ${lines
        .slice(0, MAX_SAMPLES)
        .map((line) => `\`${line}\``)
        .join(', ')}.`,
    },
  ];
}

/** @param bytes of the files as they are now; @param stored of all their versions that were committed */
export function storageFinding(files: number, bytes: number, stored: number): Finding {
  const past = stored > bytes ? `, and ${sizeOf(stored)} with the versions that were committed` : '';
  return {
    code: 'lfs-storage',
    severity: 'info',
    message: `Git LFS keeps ${filesOf(files)} of ${sizeOf(bytes)}${past}. Every version in which ${files === 1 ? 'it changes' : 'they all change'} adds ${sizeOf(bytes)}, on the server for good.`,
  };
}

/** For `git lfs pull` and `git lfs migrate`: they divide at commas and take patterns; a shell takes some signs for its own. */
export function includeOf(paths: readonly string[]): string {
  const plain = paths.map((path) => path.replace(/[\\*?[\],"$`!]/g, '?'));
  const kinds = plain.map((path) => path.replace(/[^/]+?(\.[^./]*)?$/, '*$1'));
  return `--include="${[...new Set(plain.length <= FEW ? plain : kinds)].join(',')}"`;
}

/** As few paths are named one by one. */
const FEW = 3;

function inShell(paths: readonly string[]): string {
  const folders = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1) || '.');
  const named = [...new Set(paths.length <= FEW ? paths : folders)];
  return named.map((path) => (/^[\w./-]+$/.test(path) ? path : `"${path.replace(/["$`\\]/g, '\\$&')}"`)).join(' ');
}
