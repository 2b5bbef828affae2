/** How the rows of a build are divided, ready to be drawn. */
import { l10n } from 'vscode';
import { max, min } from 'simple-statistics';
import type { SplitChart, SplitRecord } from '../../protocol';
import { count, rows, share } from '../format';

/** More classes than this don't fit on a screen; the largest are shown. */
const MAX_CLASSES = 12;

/** Undefined where nothing was split. */
export function splitChart(splits: readonly SplitRecord[]): SplitChart | undefined {
  if (splits.length < 2) return undefined;
  const words = { rowsTitle: l10n.t('rows'), shareTitle: l10n.t('share of the split') };
  return splits.every(({ classes }) => classes !== undefined)
    ? { ...words, ...byClass(splits) }
    : { ...words, ...bySize(splits) };
}

type Drawn = Pick<SplitChart, 'title' | 'bars' | 'columns'>;

function bySize(splits: readonly SplitRecord[]): Drawn {
  const total = splits.reduce((sum, split) => sum + split.rows, 0);
  return {
    title: splits.map((split) => `${split.name} ${share(split.rows / Math.max(total, 1))}`).join(', '),
    columns: [l10n.t('Split'), l10n.t('Rows'), l10n.t('Share')],
    bars: splits.map((split) => {
      const part = split.rows / Math.max(total, 1);
      return { split: split.name, rows: split.rows, share: part, label: `${count(split.rows)} (${share(part)})` };
    }),
  };
}

function byClass(splits: readonly SplitRecord[]): Drawn {
  const classes = largestClasses(splits);
  const bars = splits.flatMap((split) =>
    classes.map((value) => {
      const found = split.classes?.find((each) => each.value === value)?.rows ?? 0;
      const part = found / Math.max(split.rows, 1);
      return { split: split.name, class: value ?? 'null', rows: found, share: part, label: share(part) };
    }),
  );
  const spread = max(
    classes.map((value) => {
      const shares = bars.filter((bar) => bar.class === (value ?? 'null')).map((bar) => bar.share);
      return max(shares) - min(shares);
    }),
  );
  return {
    title: l10n.t('Class shares agree between splits to within {0} points', (spread * 100).toFixed(1)),
    columns: [l10n.t('Split'), l10n.t('Class'), l10n.t('Rows'), l10n.t('Share')],
    bars: bars.map((bar) => ({ ...bar, label: `${bar.label} · ${rows(bar.rows)}` })),
  };
}

function largestClasses(splits: readonly SplitRecord[]): (string | null)[] {
  const totals = new Map<string | null, number>();
  for (const { value, rows: size } of splits.flatMap(({ classes }) => classes ?? [])) {
    totals.set(value, (totals.get(value) ?? 0) + size);
  }
  return [...totals]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MAX_CLASSES)
    .map(([value]) => value);
}
