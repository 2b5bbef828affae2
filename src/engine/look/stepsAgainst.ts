/** Whether the steps and the split of a dataset suit the columns that the data has. Pure. */
import { isFitted, nearest, transformOf, type Columns } from '../../config';
import type { DatasetSpec, Finding, LookedColumn, SplitSpec } from '../../protocol';

/**
 * What a build would say of the columns that steps and the split name.
 * @param allColumns whether the data has no columns but these
 */
export function stepsAgainst(
  { name: dataset, schema, split, transforms = [] }: DatasetSpec,
  looked: readonly LookedColumn[],
  allColumns: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const types = new Map(looked.map(({ name, type }) => [name, type]));
  // Those that are declared and not there have a finding of their own.
  for (const [name, { type = types.get(name) ?? 'any' }] of Object.entries(schema.columns)) types.set(name, type);
  let columns: Columns = { types, open: !allColumns };
  let isSplit = false;
  const checkSplit = (): void => {
    if (split !== undefined && !isSplit) findings.push(...splitAgainst(dataset, split, columns));
    isSplit = true;
  };
  for (const [index, step] of transforms.entries()) {
    if (isFitted(step)) checkSplit();
    const transform = transformOf(step.transform);
    if (transform === undefined) continue;
    columns = transform.columns(step.parameters, columns, ({ code, at, message, suggestion }) => {
      findings.push({
        code,
        severity: 'error',
        message,
        dataset,
        ...(suggestion !== undefined && { suggestion }),
        configPath: ['datasets', dataset, 'transforms', index, step.transform, ...at],
      });
    });
  }
  checkSplit();
  return findings;
}

function splitAgainst(dataset: string, split: SplitSpec, { types, open, gone }: Columns): Finding[] {
  if (open) return [];
  return (['stratify', 'group', 'time'] as const).flatMap((key): Finding[] => {
    const name = split[key];
    // What a step took away is told without the data.
    if (name === undefined || types.has(name) || gone?.has(name)) return [];
    const meant = nearest(name, types.keys());
    const names = [...types.keys()].slice(0, 20).join(', ');
    return [
      {
        code: 'split-column-missing',
        severity: 'error',
        message: `The split is by ${name}, which is no column of the data.`,
        dataset,
        column: name,
        suggestion: meant === undefined ? `The columns are ${names}.` : `Did you mean \`${meant}\`?`,
        configPath: ['datasets', dataset, 'split', key],
      },
    ];
  });
}
