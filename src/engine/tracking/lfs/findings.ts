/** What is to be said of files that Git LFS keeps from now on. */
import { MAX_SAMPLES, type Finding, type LfsSpec } from '../../../protocol';
import { inWords, sizeOf } from '../../words';
import type { GitRepository } from '../git';
import type { TrackSite } from '../site';
import { committedFindings, programFindings, storageFinding, takenFindings } from './advice';
import { committedFiles, storedBytes } from './committed';
import { lfsProgram } from './program';
import type { SiteFile, SiteFiles } from './siteFiles';
import type { MatchedPattern } from './userPatterns';

export interface Outcome {
  readonly site: TrackSite;
  readonly spec: LfsSpec;
  readonly found: SiteFiles;
  /** What Git LFS keeps. */
  readonly kept: readonly SiteFile[];
  readonly matched: readonly MatchedPattern[];
  readonly taken: readonly string[];
  /** The `.gitattributes`, relative to the git root. */
  readonly attributes: string;
}

export async function findingsOf(git: GitRepository, outcome: Outcome): Promise<Finding[]> {
  const { site, kept, taken, attributes } = outcome;
  const before = [...nothingMatched(outcome), ...leftOut(outcome), ...takenFindings(taken, attributes)];
  if (kept.length === 0) return withDataset(site, [...before, nothingLarge(outcome)]);
  const paths = kept.map(({ path }) => path);
  const [program, committed, stored] = await Promise.all([
    lfsProgram(git.root),
    committedFiles(
      git,
      outcome.found.places.map(({ path }) => path),
    ),
    storedBytes(
      git,
      outcome.found.places.map(({ path }) => path),
    ),
  ]);
  const bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
  const known = new Set(paths);
  return withDataset(site, [
    ...before,
    ...programFindings(program),
    ...committedFindings(
      committed.filter(({ path }) => known.has(path)),
      attributes,
    ),
    storageFinding(kept.length, bytes, stored),
  ]);
}

function nothingLarge({ site, spec }: Outcome): Finding {
  return {
    code: 'lfs-nothing-large',
    severity: 'info',
    message: `No file of ${site.target} has ${sizeOf(spec.threshold)} or more: git keeps them all.`,
    suggestion: 'Lower `threshold`, or name files with `patterns`.',
  };
}

function nothingMatched({ matched, site }: Outcome): Finding[] {
  return matched
    .filter(({ files }) => files.size === 0)
    .map(({ written }) => ({
      code: 'lfs-pattern-unmatched',
      severity: 'warning',
      message: `The pattern ${written} matches no file of ${site.target}, and has no line.`,
      suggestion:
        'Patterns are relative to the folder of the build, such as `data/*.parquet`. `{a,b}` is none that git knows.',
    }));
}

function leftOut({ found: { ignored } }: Outcome): Finding[] {
  if (ignored.length === 0) return [];
  return [
    {
      code: 'lfs-ignored',
      severity: 'warning',
      message: `Git ignores ${inWords(ignored.slice(0, MAX_SAMPLES))}${ignored.length > MAX_SAMPLES ? ' and more' : ''}, so that neither it nor Git LFS keeps them.`,
      count: ignored.length,
      samples: ignored.slice(0, MAX_SAMPLES),
      suggestion: 'Take them out of `.gitignore` if they belong to the data; `git check-ignore -v` tells the line.',
    },
  ];
}

function withDataset({ build }: TrackSite, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, ...(build && { dataset: build.dataset }) }));
}
