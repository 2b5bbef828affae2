/** A profile in a sentence and a handful of facts. */
import { severitySchema, type Profile, type Severity } from '../../protocol';
import type { Numbers } from './numbers';

/** What there is and what stands out: `891 rows in 12 columns; 1 error, 3 warnings.` */
export function verdict({ rows, columns, alerts }: Profile, { count }: Numbers): string {
  const many = (number: number, one: string) => `${count(number)} ${one}${number === 1 ? '' : 's'}`;
  const there = `${many(rows, 'row')} in ${many(columns.length, 'column')}`;
  const amounts = severitySchema.options.flatMap((severity) => {
    const number = alerts.filter((alert) => alert.severity === severity).length;
    return number === 0 ? [] : [many(number, words[severity])];
  });
  return `${there}; ${amounts.length === 0 ? 'nothing stands out' : amounts.join(', ')}.`;
}

const words: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Which rows the figures are of, where that is not simply all of them as they are. */
export function scope({ sample, rows, split, fast, columns }: Profile, { count, share }: Numbers): string[] {
  const estimated = columns.some(({ distinctExact, approximate = [] }) => !distinctExact || approximate.length > 0);
  return [
    ...(split === undefined ? [] : [`Only the split ${split}.`]),
    ...(sample === undefined
      ? []
      : [
          `A sample: every figure but the number of rows is of ${count(sample.rows)} ` +
            (sample.by === 'rows' ? 'rows, each drawn by itself' : 'rows in runs of neighbours') +
            `${rows === 0 ? '' : ` (${share(sample.rows / rows)})`}, seed ${sample.seed}.`,
        ]),
    ...(fast ? ['Fast: sketches took the place of some exact figures.'] : []),
    ...(estimated ? ['Figures after ≈ are estimates.'] : []),
  ];
}

/** How much there is, and how much of it is missing or there twice, with labels. */
export function facts({ files, missing, duplicates, columns, rows, sample, alerts }: Profile, numbers: Numbers) {
  const { count, share, bytes } = numbers;
  const { surplusRows, groups } = duplicates;
  return [
    { label: 'rows', text: count(rows) },
    { label: 'columns', text: count(columns.length) },
    { label: files.length === 1 ? 'size' : `size of ${count(files.length)} files`, text: bytes(sizeOf(files)) },
    {
      label: 'missing cells',
      text: missing.cells === 0 ? '0' : `${count(missing.cells)} (${share(missing.cellRatio)})`,
    },
    { label: 'complete rows', text: count(missing.completeRows) },
    {
      label: 'duplicates',
      text:
        surplusRows === 0
          ? '0'
          : `${count(surplusRows)} surplus ${surplusRows === 1 ? 'row' : 'rows'} in ${count(groups)} ${groups === 1 ? 'group' : 'groups'}`,
    },
    ...(sample ? [{ label: 'rows looked at', text: count(sample.rows) }] : []),
    { label: 'alerts', text: count(alerts.length) },
  ];
}

function sizeOf(files: Profile['files']): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
