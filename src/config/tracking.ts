/** Which tool keeps the bytes of builds. Nothing that is built depends on it. */
import { posix, win32 } from 'node:path';
import { LFS_THRESHOLD, type ConfigPath, type LfsSpec, type TrackingSpec } from '../protocol';
import type { Layers } from './layers';
import { checkPath } from './paths';
import type { Report } from './problem';
import { memoryBytes } from './shorthands';
import type { WrittenTracking } from './writtenTracking';

/** Reports what is wrong in one `tracking` section by itself, whether of a dataset or of `defaults`. */
export function checkTracking({ dvc, gitLfs }: WrittenTracking, path: ConfigPath, report: Report): void {
  if (dvc === true && isOn(gitLfs)) {
    report({
      code: 'tracking-conflict',
      severity: 'error',
      message: 'DVC and Git LFS cannot both keep the same files.',
      suggestion: 'Remove `dvc` or `gitLfs`. A dataset that names one of them takes none of the other from `defaults`.',
      path: [...path, 'gitLfs'],
      part: 'key',
    });
  }
  if (typeof gitLfs !== 'object') return;
  const problem = { code: 'tracking-parameter', severity: 'error', part: 'value' } as const;
  for (const [index, pattern] of (gitLfs.patterns ?? []).entries()) {
    const fault = faultOfPattern(pattern);
    if (fault === undefined) continue;
    const suggestion = 'Write it relative to the folder of the build, such as `data/*.parquet`.';
    report({ ...problem, message: fault, suggestion, path: [...path, 'gitLfs', 'patterns', index] });
  }
  const { attributes } = gitLfs;
  if (attributes === undefined) return;
  const at = [...path, 'gitLfs', 'attributes'];
  checkPath(attributes, at, report);
  if (isAbsolute(attributes)) {
    const suggestion = 'Write a path relative to this config, such as `.` or `datasets`.';
    report({
      ...problem,
      message: '`.gitattributes` lies in the repository, not at an absolute path.',
      suggestion,
      path: at,
    });
  }
}

/** What a pattern for Git LFS cannot be; undefined: nothing is wrong with it. */
export function faultOfPattern(pattern: string): string | undefined {
  if (isAbsolute(pattern)) return 'A pattern begins in the folder of the build, not at the root.';
  if (pattern.split('/').includes('..')) return 'A pattern does not leave the folder of the build.';
  if (pattern.startsWith('!')) return 'Git attributes know no pattern that begins with `!`.';
  return /[\0\r\n]/.test(pattern) ? 'A pattern is one line.' : undefined;
}

function isAbsolute(path: string): boolean {
  return posix.isAbsolute(path) || win32.isAbsolute(path);
}

/** What of a layer below holds: a tool that is chosen takes the place of the other. */
export function replaced(own: WrittenTracking, base: WrittenTracking): WrittenTracking {
  const { dvc, gitLfs } = base;
  return {
    ...(dvc !== undefined && !isOn(own.gitLfs) && { dvc }),
    ...(gitLfs !== undefined && own.dvc !== true && { gitLfs }),
  };
}

/** Undefined where no tool is on. */
export function resolveTracking({ own, base }: Layers<WrittenTracking>): TrackingSpec | undefined {
  const { dvc, gitLfs } = { ...replaced(own, base), ...own };
  if (dvc === true) return { dvc };
  return isOn(gitLfs) ? { gitLfs: lfsOf(gitLfs) } : undefined;
}

type WrittenLfs = NonNullable<WrittenTracking['gitLfs']>;

function isOn(gitLfs: WrittenLfs | undefined): gitLfs is Exclude<WrittenLfs, false> {
  return gitLfs !== undefined && gitLfs !== false;
}

function lfsOf(written: Exclude<WrittenLfs, false>): LfsSpec {
  const { threshold, patterns = [], attributes } = written === true ? {} : written;
  return {
    threshold: threshold === undefined ? LFS_THRESHOLD : Math.round(memoryBytes(threshold)),
    patterns,
    ...(attributes !== undefined && { attributes }),
  };
}
