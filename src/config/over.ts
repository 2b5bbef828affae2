/** How one layer of a config lies over the next. */
import { sectionNames } from './layers';
import type { Sections, UserDefaults } from './layers';
import { inherited } from './split';
import { replaced } from './tracking';
import type { WrittenDataset } from './written';

/** A section over the same section of the layer below: what of both holds. */
export function over(name: keyof Sections, upper: object = {}, lower: object = {}): Record<string, unknown> {
  if (name === 'split') return { ...inherited(upper, lower), ...upper };
  if (name === 'tracking') return { ...replaced(upper, lower), ...upper };
  const saysFormat = name === 'output' && ('format' in upper || 'formats' in upper);
  // `format` and `formats` are two keys for one thing.
  const rest = Object.entries(lower).filter(([key]) => !saysFormat || (key !== 'format' && key !== 'formats'));
  return { ...Object.fromEntries(rest), ...upper };
}

/** `defaults` over what the user says, and what of it is the user's. */
export function overUser(defaults: WrittenDataset, said: UserDefaults): { base: WrittenDataset; user: UserDefaults } {
  const base: Record<string, unknown> = { ...defaults };
  const user: Record<string, unknown> = {};
  for (const name of sectionNames) {
    if (said[name] === undefined) continue;
    const upper = defaults[name] ?? {};
    const both = over(name, upper, said[name]);
    base[name] = both;
    user[name] = Object.fromEntries(Object.entries(both).filter(([key]) => !Object.hasOwn(upper, key)));
  }
  return { base, user };
}
