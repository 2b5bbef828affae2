/** Parameters that several transforms have. */
import * as z from 'zod';
import { isAddress } from '../addresses';
import { columnName, oneOrMany, worded } from '../words';
import { asNames, type Beside, type Fault } from './transform';

export const columns = oneOrMany(columnName, 1).describe('The columns it is done to: a name or a list of names.');

export const expression = worded(z.string().min(1), 'a SQL expression', 'expression');

/** For steps that take rows away. */
export const allowLoss = z
  .boolean()
  .describe('Let the step take away more than half of the rows, which otherwise stops the build.')
  .default(false);

export const share = worded(z.number().min(0).max(1), 'a number from 0 to 1');

/** Where a step takes other rows from. */
const path = worded(z.string().min(1), 'a path', 'path');
const datasetName = worded(z.string().min(1), 'the name of a dataset', 'dataset');
const files = 'relative to this config, with forward slashes.';
const built = 'another dataset of this config, or one of its splits: `name`, `name/train`. It is built first.';
export const oneFile = path.describe(`A file, ${files}`).optional();
export const oneDataset = datasetName.describe(`Instead of \`file\`: ${built}`).optional();
export const someFiles = oneOrMany(path, 1).describe(`A file or a list of files, ${files}`).optional();
export const someDatasets = oneOrMany(datasetName, 1)
  .describe(`Instead of \`file\`: ${built} Or a list of them.`)
  .optional();

interface Taken {
  readonly file?: string | readonly string[] | undefined;
  readonly dataset?: string | readonly string[] | undefined;
}

/** What is taken in, as a source would name it. */
export function entriesOf({ file, dataset }: Taken): Beside['entries'] {
  const named = (key: string, names: string | readonly string[] = [], scheme = '') =>
    asNames(names).map((name, index) => ({
      path: `${scheme}${name}`,
      at: typeof names === 'string' ? [key] : [key, index],
    }));
  return [...named('file', file), ...named('dataset', dataset, 'dataset://')];
}

/** Reports a step that takes rows from nowhere, from two places, or from what is fetched. */
export function checkTaken(name: string, { file, dataset }: Taken, fault: Fault): void {
  for (const [index, path] of asNames(file ?? []).entries()) {
    if (!isAddress(path)) continue;
    fault({
      code: 'transform-step',
      at: typeof file === 'string' ? ['file'] : ['file', index],
      message: '`file` names files of this disk, not an address.',
      suggestion: 'Make a dataset that has the address as its source, and name it under `dataset`.',
    });
  }
  if ((file === undefined) !== (dataset === undefined)) return;
  fault({
    code: 'transform-step',
    at: file === undefined ? [] : ['dataset'],
    message: file === undefined ? `\`${name}\` does not say with what.` : '`file` and `dataset` exclude each other.',
    suggestion: 'Write either `file` or `dataset`.',
  });
}
