/** The words of the Datasets view. */
import { l10n } from 'vscode';
import type { Dataset, DatasetStatus } from '../datasets/model';
import { reasonOf } from '../datasets/failure';
import { age, rows } from '../format';
import { trackingTrouble } from './trackingWords';
import { drifted } from './driftWords';
import type { Known } from './nodes';

/** Rows, age, what drifted and what tracking waits for, or what stands in their place. */
export function describeDataset(
  { manifest, spec, status, unchecked, remote = [] }: Dataset,
  now: Date,
  { drift, tracking }: Known = {},
): string {
  if (status === 'building') return l10n.t('building');
  if (spec === undefined) return l10n.t('errors in the configuration');
  const missing = remote.some(({ fetched }) => fetched === undefined) ? [l10n.t('not fetched')] : [];
  if (manifest === undefined) {
    return [status === 'failing' ? l10n.t('build failed') : l10n.t('never built'), ...missing].join(' · ');
  }
  const facts = [rows(manifest.rows), age(new Date(manifest.createdAt), now), ...missing];
  if (status === 'stale') facts.push(l10n.t('stale'));
  if (status === 'failing') facts.push(l10n.t('failed'));
  if (status === 'built' && unchecked.length > 0) facts.push(l10n.t('not compared'));
  const moved = drift && drifted(drift);
  if (moved !== undefined) facts.push(moved);
  const trouble = tracking && trackingTrouble(tracking);
  if (trouble !== undefined) facts.push(trouble);
  return facts.join(' · ');
}

/** The status in a sentence, for tooltips and screen readers. */
export function statusSentence({ spec, status, staleBecause, unchecked, build }: Dataset): string {
  const sentences: Record<DatasetStatus, string> = {
    never: l10n.t('Never built.'),
    built: unchecked.length === 0 ? l10n.t('Up to date.') : uncheckedSentence(unchecked),
    stale: [l10n.t('Stale: build it again.'), ...staleBecause].join(' '),
    building: l10n.t('Building.'),
    failing:
      spec === undefined
        ? l10n.t('The configuration has errors here; open it to see them in the Problems panel.')
        : l10n.t('The last build failed: {0}', build === undefined ? '' : reasonOf(build)),
  };
  return sentences[status];
}

/** Same size, later date: whether it is the file that was built from is seen by building. */
function uncheckedSentence(files: readonly string[]): string {
  return files.length === 1
    ? l10n.t('Built. {0} has the size of before and a later date; its content was not compared.', files[0] ?? '')
    : l10n.t(
        'Built. {0} inputs have the size of before and a later date; their content was not compared.',
        files.length,
      );
}
