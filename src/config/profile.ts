/** From when on a profile raises an alert. It decides nothing of what is built. */
import type { DatasetSpec, ProfileSpec } from '../protocol';
import type { Layers } from './layers';
import { profileDefaults } from './profileDefaults';
import { parseShare } from './shorthands';
import type { WrittenProfile } from './writtenProfile';

export type Thresholds = { readonly [Key in keyof ProfileSpec]-?: number };

/** With what is left out. */
export function thresholdsOf(spec: Partial<DatasetSpec>): Thresholds {
  return { ...profileDefaults, ...(spec.profile as Partial<Thresholds> | undefined) };
}

/** What is written, the dataset's own keys over those of `defaults`; undefined where nothing is. */
export function resolveProfile({ own, base }: Layers<WrittenProfile>): ProfileSpec | undefined {
  const written = Object.entries({ ...base, ...own }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, parseShare(value)] as const],
  );
  return written.length > 0 ? Object.fromEntries(written) : undefined;
}

/** What of a dataset decides about its build. With another rest it is the same build, and the same version. */
export function programOf(spec: DatasetSpec): DatasetSpec {
  const { profile: _profile, checks: _checks, gates: _gates, drift: _drift, tracking: _tracking, ...program } = spec;
  const { evolution: _evolution, ...schema } = program.schema;
  return { ...program, schema };
}
