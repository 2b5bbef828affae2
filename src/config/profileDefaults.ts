/** From when on a profile raises an alert where the config does not say, and some checks with it. */
import type { ProfileSpec } from '../protocol';

/** docs/profile.md says what each is measured by, and why these. */
export const profileDefaults = {
  missing: 0.05,
  zeros: 0.5,
  infinite: 0,
  outliers: 0.05,
  skew: 2,
  highCardinality: 50,
  imbalance: 0.5,
  uniform: 0.999,
  numbersAsText: 0.9,
  datesAsText: 0.9,
  blanks: 0,
  mixedCase: 0,
  duplicates: 0,
  correlation: 0.9,
  leak: 0.95,
} as const satisfies Required<ProfileSpec>;
