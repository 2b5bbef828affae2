/** How what is tracked stands: told without DVC, so that it works where none is installed, and quickly enough for a tree. */
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { documentHead } from '../../version';
import { findDvc, findDvcProgram, type DvcRepository } from '../dvc';
import { listRemotes } from '../dvc/remotes';
import { findGit, gitMissing, gitVersion, inRepository } from '../git';
import { lfsProgram } from '../lfs';
import type { FindGit } from '../sites';
import { chooseOuts } from './chosen';
import { dvcPaths } from './dvcPaths';
import type { PathState } from './outState';
import type { BrokenFile } from './trackedOuts';
import { lfsStates } from './lfsStates';
import { isIn, wantedOf } from './wanted';
import { untracked } from './words';
import {
  cancelled,
  MldataError,
  type Finding,
  type TrackingPath,
  type TrackingStatus,
  type TrackingStatusRequest,
} from '../../../protocol';

/**
 * Of what was asked for; without targets of every dataset of the config and of all that DVC tracks in the repository.
 * Nothing is changed but what is remembered of hashes, and nothing is hashed that is as it was then. Where git is not
 * installed that is a finding, and what DVC tracks is told all the same. Throws what is wrong with the config,
 * `target-unknown`, `git-failed`, and the cancelled error.
 */
export async function trackingStatus(request: TrackingStatusRequest, signal: AbortSignal): Promise<TrackingStatus> {
  if (signal.aborted) throw cancelled();
  const { configPath, folder, remote = false } = request;
  const home = await realpath(configPath === undefined ? folder : dirname(configPath));
  // Python takes its time to start: meanwhile the rest is looked at.
  const { mode, executables } = request.dvc ?? {};
  const program = mode === 'native' ? Promise.resolve(undefined) : findDvcProgram(executables, home, signal);
  program.catch(() => undefined); // whoever waits for it hears of it
  const [version, lfs] = await Promise.all([gitVersion(home), lfsProgram(home)]);
  const gitOf: FindGit = (at) => (version === undefined ? Promise.resolve(undefined) : findGit(at));
  const git = await gitOf(home);
  const nameOf = (path: string) => inRepository(git ?? { root: home }, path);
  const state = join(configPath === undefined ? (git?.root ?? home) : home, '.mldata');
  const { dvc, findings } = await openDvc(home);
  const named = await wantedOf(request, gitOf);
  const all = request.targets.length === 0;
  const chosen = await chooseOuts(named.wanted, all, { folder: home, git }, signal);
  const lfsFound = await lfsStates(chosen.rest, all && configPath === undefined ? git : undefined, signal);
  const states: PathState[] = [
    ...(await dvcPaths(chosen.outs, { nameOf, remote, signal, state, program: () => program })),
    ...chosen.broken.map(brokenState),
    ...lfsFound.states,
    ...lfsFound.rest.map(
      ({ target, path }) => ({ file: path, state: 'untracked', message: untracked(target) }) as const,
    ),
  ];
  const paths = states.map(({ file, by, ...state }): TrackingPath => {
    const owner = named.wanted.find(
      ({ path, dataset }) => dataset !== undefined && (isIn(file, path) || isIn(path, file)),
    );
    return {
      path: nameOf(file),
      ...(owner?.dataset !== undefined && { dataset: owner.dataset }),
      ...(by !== undefined && { by: nameOf(by) }),
      ...state,
    };
  });
  return {
    ...documentHead('mldata/track-status'),
    repository: { git: git?.root ?? null, dvc: dvc?.root ?? null },
    tools: {
      git: version ?? null,
      dvc: (await program)?.version ?? null,
      gitLfs: lfs.version,
      lfsFilters: lfs.filters,
    },
    remotes: dvc === undefined ? [] : listRemotes(dvc.config),
    paths: paths.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ...(lfsFound.storage && { lfsStorage: lfsFound.storage }),
    findings: [
      ...(version === undefined ? [noGit()] : []),
      ...findings,
      ...lfsFound.findings,
      ...named.findings,
      ...chosen.allBroken.map((file) => brokenFinding(file, nameOf)),
    ],
  };
}

/** A config that cannot be read is a finding: what else there is to tell is told. */
async function openDvc(home: string): Promise<{ dvc?: DvcRepository; findings: Finding[] }> {
  try {
    const dvc = await findDvc(home);
    return { ...(dvc && { dvc }), findings: [] };
  } catch (error) {
    if (!(error instanceof MldataError)) throw error;
    return { findings: [{ code: error.code, severity: 'error', message: error.message }] };
  }
}

function noGit(): Finding {
  const { code, message } = gitMissing();
  return { code, severity: 'warning', message };
}

function brokenState({ tool, by, path, message }: BrokenFile): PathState {
  return { file: path, tool, by, state: 'broken', message };
}

function brokenFinding({ by, tool, message, line, column }: BrokenFile, nameOf: (path: string) => string): Finding {
  const place = { file: nameOf(by), ...(line !== undefined && { line }), ...(column !== undefined && { column }) };
  const code = tool === 'dvc' ? 'dvc-file-broken' : 'dvc-yaml-broken';
  return { code, severity: 'error', message, locations: [place] };
}
