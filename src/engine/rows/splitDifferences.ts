/** Whether the files of a build's splits hold the same columns of the same types: what was trained on one is asked of another. */
import type { OpenSource, SourceColumn } from '../sources';
import type { Finding } from '../../protocol';

interface Part {
  readonly split: string;
  readonly file: string;
  readonly columns: readonly SourceColumn[];
}

/**
 * One finding for each split that differs from the first.
 * @param splits that of each source; absent: there are none
 */
export function splitDifferences(
  sources: readonly OpenSource[],
  splits: readonly string[] | undefined,
  dataset: string,
): Finding[] {
  if (splits === undefined) return [];
  const parts = sources.map(({ file, columns }, index) => ({ split: splits[index] ?? '', file: file.name, columns }));
  const [first, ...others] = parts;
  if (first === undefined) return [];
  const seen = new Set([first.split]);
  return others.flatMap((part): Finding[] => {
    const said = differences(first, part);
    if (said.length === 0 || seen.has(part.split)) return [];
    seen.add(part.split);
    return [
      {
        code: 'splits-differ',
        severity: 'error',
        message: `The split ${part.split} has other columns than ${first.split}: ${said.join('; ')}.`,
        dataset,
        split: part.split,
        locations: [{ file: part.file }],
        suggestion: 'Build the dataset again, so that its splits are written alike.',
        configPath: ['datasets', dataset, 'split'],
      },
    ];
  });
}

/** Of text there are no types to compare. */
function differences(first: Part, other: Part): string[] {
  const expected = new Map(first.columns.map(({ name, type }) => [name, type]));
  const found = new Map(other.columns.map(({ name, type }) => [name, type]));
  const lacking = [...expected.keys()].filter((name) => !found.has(name));
  const extra = [...found.keys()].filter((name) => !expected.has(name));
  const retyped = [...expected].filter(([name, type]) => (found.get(name) ?? type) !== type);
  return [
    ...(lacking.length > 0 ? [`it lacks ${listed(lacking)}`] : []),
    ...(extra.length > 0 ? [`it adds ${listed(extra)}`] : []),
    ...retyped.slice(0, SHOWN).map(([name, type]) => `${name} is ${found.get(name) ?? ''} instead of ${type}`),
    ...(retyped.length > SHOWN ? [`${retyped.length - SHOWN} more are of other types`] : []),
  ];
}

/** More than that nobody reads. */
const SHOWN = 8;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
