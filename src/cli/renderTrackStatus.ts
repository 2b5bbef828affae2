/** How what is tracked stands, as text for a terminal. */
import type { TrackingState, TrackingStatus } from '../protocol';
import type { Console } from './console';
import { bytes, count } from './numbers';
import { renderFindings } from './render';
import { tableLines } from './table';
import { toolNames } from './toolNames';

const words: Readonly<Record<TrackingState, string>> = {
  untracked: 'not tracked',
  'up-to-date': 'up to date',
  modified: 'modified',
  missing: 'not here',
  'not-in-cache': 'not in the cache',
  'missing-remote': 'not on a remote',
  pointer: 'pointer, not fetched',
  committed: 'in git itself',
  broken: 'broken',
};

export function renderTrackStatus(status: TrackingStatus, output: Console): void {
  const { repository, tools, remotes, paths, lfsStorage, findings } = status;
  if (repository.git === null) output.line('There is no git repository here.');
  const table = paths.map(({ path, state, tool, bytes: size, files, by }) => [
    path,
    words[state],
    tool === undefined ? '' : toolNames[tool],
    files === undefined ? '' : count(files, 'file'),
    size === undefined ? '' : bytes(size),
    by ?? '',
  ]);
  const lines = tableLines(table, [3, 4]);
  for (const [index, { message, state }] of paths.entries()) {
    output.line(lines[index] ?? '');
    if (message !== undefined && state !== 'up-to-date') output.line(`    ${message}`);
  }
  if (paths.length === 0) output.line('Nothing is tracked here.');
  if (lfsStorage) {
    output.note(
      `Git LFS stores ${bytes(lfsStorage.bytes)}; each version in which all of it changes adds ${bytes(lfsStorage.perVersion)}.`,
    );
  }
  for (const { name, url, default: isDefault } of remotes) {
    output.note(`remote ${name}: ${url}${isDefault ? ' (default)' : ''}`);
  }
  output.detail(
    `git ${tools.git ?? 'not found'}, DVC ${tools.dvc ?? 'not installed'}, Git LFS ${tools.gitLfs ?? 'not installed'}` +
      (tools.gitLfs !== null && !tools.lfsFilters ? ' (`git lfs install` was not run)' : ''),
  );
  renderFindings(findings, output, '.');
}
