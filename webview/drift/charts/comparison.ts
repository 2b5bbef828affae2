/** The chart of one comparison, with its finding for a title: of a column, or of something about its values. */
import * as l10n from '@vscode/l10n';
import type { ColumnType, DriftColumn, DriftProperty } from '../../../src/protocol';
import type { Chart } from '../../shared/charts/chart';
import { figure, share, time } from '../../shared/format';
import { cut, visible } from '../../shared/text';
import { categoryChart, mostChanged, shareBins } from './categories';
import type { ShareBin } from './categories';
import { densityChart } from './density';

/** @param axis what is measured, such as the name of the column @param type of the values; absent: numbers or categories */
export function comparisonChart(
  { density, bins, summary }: DriftColumn | DriftProperty,
  axis: string,
  type?: ColumnType,
): Chart | undefined {
  const times = isTime(type);
  if (density !== undefined && density.edges.length > 1) {
    const title = summaryTitle(summary, times) ?? (bins && binTitle(shareBins(bins, times))) ?? l10n.t('Both sides');
    return densityChart(density, { title, axis: cut(visible(axis), 40), times, bins: bins?.edges ?? [] });
  }
  if (bins === undefined) return undefined;
  const shares = shareBins(bins, times);
  return categoryChart(shares, binTitle(shares), bins.edges === undefined ? l10n.t('Value') : cut(visible(axis), 40));
}

export function isTime(type: ColumnType | undefined): boolean {
  return type === 'date' || type === 'datetime' || type === 'time';
}

/** A number, or seconds since 1970 as a time. */
export function pointText(value: number | null, times: boolean): string {
  return times && value !== null ? time(new Date(value * 1000).toISOString()) : figure(value);
}

function summaryTitle(summary: DriftColumn['summary'], times: boolean): string | undefined {
  const [before, now] = [summary?.baseline.median ?? null, summary?.current.median ?? null];
  if (before === null || now === null) return undefined;
  return before === now
    ? l10n.t('The median is {0} on both sides', pointText(before, times))
    : l10n.t('The median went from {0} to {1}', pointText(before, times), pointText(now, times));
}

function binTitle(bins: readonly ShareBin[]): string {
  const most = mostChanged(bins);
  if (most === undefined) return l10n.t('The shares are the same on both sides');
  const [before, now] = [share(most.baseline), share(most.current)];
  if (before === now) return l10n.t('The shares are the same on both sides');
  return most.current > most.baseline
    ? l10n.t('{0} rose from {1} to {2} of the rows', most.name, before, now)
    : l10n.t('{0} fell from {1} to {2} of the rows', most.name, before, now);
}
