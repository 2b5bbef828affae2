/** Licences by their SPDX identifiers, in the words of those who ask for one. */
import { isAddress } from '../../evolution';

/** Those that Hugging Face knows by another name than the identifier in lower case. */
const renamed: Readonly<Record<string, string>> = {
  'ODC-By-1.0': 'odc-by',
  'ODbL-1.0': 'odbl',
  'PDDL-1.0': 'pddl',
  'AGPL-3.0-only': 'agpl-3.0',
  'AGPL-3.0-or-later': 'agpl-3.0',
  'GPL-2.0-only': 'gpl-2.0',
  'GPL-2.0-or-later': 'gpl-2.0',
  'GPL-3.0-only': 'gpl-3.0',
  'GPL-3.0-or-later': 'gpl-3.0',
  'LGPL-2.1-only': 'lgpl-2.1',
  'LGPL-2.1-or-later': 'lgpl-2.1',
  'LGPL-3.0-only': 'lgpl-3.0',
  'LGPL-3.0-or-later': 'lgpl-3.0',
  'GFDL-1.3-only': 'gfdl',
  'GFDL-1.3-or-later': 'gfdl',
  'C-UDA-1.0': 'c-uda',
};

/** Those that it knows by the identifier in lower case. */
const known = [
  ...['CC0-1.0', 'CC-BY-2.0', 'CC-BY-2.5', 'CC-BY-3.0', 'CC-BY-4.0', 'CC-BY-SA-3.0', 'CC-BY-SA-4.0'],
  ...['CC-BY-NC-2.0', 'CC-BY-NC-3.0', 'CC-BY-NC-4.0', 'CC-BY-ND-4.0', 'CC-BY-NC-ND-3.0', 'CC-BY-NC-ND-4.0'],
  ...['CC-BY-NC-SA-2.0', 'CC-BY-NC-SA-3.0', 'CC-BY-NC-SA-4.0'],
  ...['CDLA-Sharing-1.0', 'CDLA-Permissive-1.0', 'CDLA-Permissive-2.0', 'etalab-2.0'],
  ...['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BSD-3-Clause-Clear', 'ISC', 'Zlib', 'Unlicense', 'WTFPL'],
  ...['AFL-3.0', 'Artistic-2.0', 'BSL-1.0', 'ECL-2.0', 'EPL-1.0', 'EPL-2.0', 'EUPL-1.1', 'EUPL-1.2', 'LPPL-1.3c'],
  ...['MPL-2.0', 'MS-PL', 'NCSA', 'OFL-1.1', 'OSL-3.0', 'PostgreSQL', 'AGPL-3.0', 'GPL-2.0', 'GPL-3.0'],
  ...['LGPL-2.1', 'LGPL-3.0'],
];

const byLowerCase = new Map([...Object.keys(renamed), ...known].map((id) => [id.toLowerCase(), id]));

/** The identifier as SPDX writes it; undefined for words and for what is not known here. */
export function spdxOf(license: string): string | undefined {
  return byLowerCase.get(license.trim().toLowerCase());
}

/** Its name at Hugging Face; undefined where it has none there. */
export function hubLicense(license: string): string | undefined {
  const id = spdxOf(license);
  return id && (renamed[id] ?? id.toLowerCase());
}

/** Where its text is; undefined for words. */
export function licenseAddress(license: string): string | undefined {
  const id = spdxOf(license);
  if (id !== undefined) return `https://spdx.org/licenses/${id}.html`;
  return isAddress(license) ? license : undefined;
}
