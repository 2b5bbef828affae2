/** What can be done about a finding with one change of the config. */
import type { Drift, Finding } from '../../protocol';
import { readDocument } from '../document';
import type { TextRange } from '../lines';
import { parseConfig } from '../parse';
import { isRecord } from '../shape';
import { differenceOf } from './change';
import { withinDataset } from './columns';
import type { Looks } from './completion';
import type { Attempt, Case, Fix } from './fix';
import { invalidValue, misfit, misspeltKey, needless, otherDataset, slashes, swap, version } from './fixConfig';
import { mute, raise } from './fixDrift';
import { allow, declare, optional, otherColumn, otherType, presentColumn, quarantine, unseen, widen } from './fixData';
import { valueAt } from './place';
import { applied } from './rename';

/**
 * The ways to mend a finding, likeliest first. The text is without a byte order mark.
 * @param drift the comparison that the finding is of, if any
 */
export function fixesFor(finding: Finding, text: string, looks: Looks, drift?: Drift): Fix[] {
  const path = finding.configPath;
  if (path === undefined) return [];
  const dataset = withinDataset(path)?.dataset ?? finding.dataset;
  const look = dataset === undefined ? undefined : looks(dataset);
  const known: Case = { finding, path, text, data: readDocument(text).data, look };
  return attempts(known, drift).flatMap(({ deed, text: changed, safe = false, preferred = false }) =>
    changed === undefined || changed === text ? [] : [{ deed, text: changed, safe, preferred }],
  );
}

/** The text with everything mended that is safe to mend; undefined where there is nothing. */
export function fixAll(text: string): string | undefined {
  let current = text;
  // What is mended may bring to light what it hid.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { findings } = parseConfig(current, '');
    const safe = findings.flatMap((finding) => fixesFor(finding, current, () => undefined)).filter((fix) => fix.safe);
    if (safe.length === 0) break;
    const next = applied(current, apart(safe.map((fix) => differenceOf(current, fix.text))));
    // Each may be sound by itself and all of them not, as where two keys become the same.
    if (problemsIn(next) > problemsIn(current)) break;
    current = next;
  }
  return current === text ? undefined : current;
}

const MOST_ROUNDS = 10;

function problemsIn(text: string): number {
  return readDocument(text).problems.length;
}

/** Those edits that touch none before them. */
function apart<T extends { readonly range: TextRange }>(edits: readonly T[]): T[] {
  let end = -1;
  return [...edits]
    .sort((a, b) => a.range.start - b.range.start)
    .filter(({ range }) => {
      if (range.start <= end) return false;
      end = range.end;
      return true;
    });
}

function attempts(known: Case, drift: Drift | undefined): Attempt[] {
  switch (known.finding.code) {
    case 'unknown-key':
      return misspeltKey(known);
    case 'invalid-value':
      return invalidValue(known);
    case 'unsupported-version':
      return Number(valueAt(known.data, known.path)) === 1 ? [version(known)] : [];
    case 'missing-key':
      return known.path.length === 0 && isRecord(known.data) && !Object.hasOwn(known.data, 'version')
        ? [version(known)]
        : [];
    case 'backslash-path':
      return slashes(known);
    case 'constraint-type':
      return [...misfit(known), ...needless(known)];
    case 'contradictory-bounds':
      return swap(known);
    case 'unknown-dataset':
      return otherDataset(known);
    case 'unknown-column':
    case 'transform-column':
    case 'check-column':
    case 'split-column-missing':
      return [...otherColumn(known), ...declare(known)];
    case 'column-missing':
      return [...presentColumn(known), ...optional(known)];
    case 'column-extra':
      return declare(known);
    case 'cast-failed':
      return [...otherType(known), ...quarantine(known)];
    case 'record-too-short':
    case 'record-too-long':
    case 'quote-unclosed':
    case 'json-invalid':
      return quarantine(known);
    case 'constraint-required':
      return optional(known);
    case 'constraint-enum':
      return allow(known);
    case 'enum-unseen':
      return unseen(known);
    case 'constraint-minimum':
      return widen(known, 'minimum', 'min');
    case 'constraint-maximum':
      return widen(known, 'maximum', 'max');
    case 'drift-column':
    case 'drift-missing-share':
      return [...mute(known), ...raise(known, drift)];
    case 'drift-variants':
    case 'drift-column-added':
    case 'drift-column-removed':
    case 'drift-column-retyped':
      return mute(known);
    default:
      return [];
  }
}
