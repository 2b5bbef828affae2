/** How rows are divided: shares, seed, and which ways of dividing go together. */
import type { ConfigPath, SplitSpec, TableSchema } from '../protocol';
import { splitNames } from '../protocol';
import type { Layers } from './layers';
import { checkPath } from './paths';
import type { Report } from './problem';
import { deriveSeed, parseDuration, parseShare } from './shorthands';
import type { WrittenSplit } from './written';

type Key = keyof WrittenSplit;

/** What each way of dividing leaves no room for. */
const excludes: readonly (readonly [Key, readonly Key[]])[] = [
  ['indices', [...splitNames, 'stratify', 'group', 'time', 'gap']],
  ['time', ['stratify', 'group']],
];

function hasShares(split: WrittenSplit): boolean {
  return splitNames.some((name) => split[name] !== undefined);
}

/** Reports what is wrong in one `split` section by itself, whether of a dataset or of `defaults`. */
export function checkSplit(split: WrittenSplit, path: ConfigPath, report: Report): void {
  for (const [way, others] of excludes) {
    if (split[way] === undefined) continue;
    for (const other of others.filter((key) => split[key] !== undefined)) {
      report({
        code: 'split-conflict',
        severity: 'error',
        message: `\`${other}\` cannot be combined with \`${way}\`.`,
        suggestion: `Remove one of them: \`${way}\` alone decides which split a row goes to.`,
        path: [...path, other],
        part: 'key',
      });
    }
  }
  if (split.indices !== undefined) checkPath(split.indices, [...path, 'indices'], report);
  if (!hasShares(split) || split.indices !== undefined) return;
  const sum = splitNames.reduce((total, name) => total + parseShare(split[name] ?? 0), 0);
  if (Math.abs(sum - 1) > 1e-9) {
    report({
      code: 'split-ratios',
      severity: 'error',
      message: `The shares of train, validation and test sum to ${Number(sum.toPrecision(12))}, not 1.`,
      suggestion: 'Change them so that they sum to 1 (100%); one that is left out is 0.',
      path,
      part: 'value',
    });
  }
}

/**
 * The split of a dataset; undefined when it has none or what it says can't be done.
 * The shares are one choice: a dataset that writes any of them takes none from `defaults`. In the same way it drops
 * what its own way of dividing excludes.
 */
export function resolveSplit(layers: Layers<WrittenSplit>, schema: TableSchema, report: Report): SplitSpec | undefined {
  const split = { ...inherited(layers.own, layers.base), ...layers.own };
  if (!hasShares(split) && split.indices === undefined) {
    if (Object.keys(layers.own).length > 0) {
      report({
        code: 'split-ratios',
        severity: 'error',
        message: 'The split says no shares.',
        suggestion: 'Add them, for example `train: 0.8`, `validation: 0.1` and `test: 0.1`.',
        path: layers.where(),
        part: 'key',
        dataset: layers.dataset,
      });
    }
    return undefined;
  }
  checkGap(split, layers, schema, report);

  const gap = split.gap === undefined ? undefined : parseDuration(split.gap);
  return {
    ratios: {
      train: parseShare(split.train ?? 0),
      validation: parseShare(split.validation ?? 0),
      test: parseShare(split.test ?? 0),
    },
    seed: split.seed ?? deriveSeed(layers.dataset),
    seedFrom: split.seed === undefined ? 'name' : 'config',
    ...(split.stratify !== undefined && { stratify: split.stratify }),
    ...(split.group !== undefined && { group: split.group }),
    ...(split.time !== undefined && { time: split.time }),
    ...(gap !== undefined && { gap }),
    ...(typeof split.gap === 'string' && { gapIsDuration: true }),
    ...(split.indices !== undefined && { indices: split.indices }),
    writeIndices: split.writeIndices ?? false,
  };
}

/** What of the split of a lower layer still holds beside that of a higher one. */
export function inherited(own: WrittenSplit, base: WrittenSplit): WrittenSplit {
  const dropped = new Set<string>();
  if (hasShares(own)) for (const name of splitNames) dropped.add(name);
  for (const [way, others] of excludes) {
    if (own[way] !== undefined) for (const other of others) dropped.add(other);
    if (others.some((other) => own[other] !== undefined)) dropped.add(way);
  }
  // A gap is measured along `time` and goes with it.
  if (dropped.has('time') && own.time === undefined) dropped.add('gap');
  return Object.fromEntries(Object.entries(base).filter(([key]) => !dropped.has(key)));
}

function checkGap(split: WrittenSplit, layers: Layers<WrittenSplit>, schema: TableSchema, report: Report): void {
  if (split.gap === undefined) return;
  const at = { severity: 'error', path: layers.where('gap'), dataset: layers.dataset } as const;
  if (split.time === undefined) {
    report({
      ...at,
      code: 'split-conflict',
      message: '`gap` needs `time`.',
      suggestion: 'Add `time` with the column to split by, or remove `gap`.',
      part: 'key',
    });
    return;
  }
  const type = Object.hasOwn(schema.columns, split.time) ? schema.columns[split.time]?.type : undefined;
  if (typeof split.gap === 'string' && (type === 'integer' || type === 'number')) {
    report({
      ...at,
      code: 'split-conflict',
      message: `\`gap\` is a duration, but the column \`${split.time}\` holds numbers.`,
      suggestion: 'Write a plain number, in units of the column.',
      part: 'value',
    });
  }
}
