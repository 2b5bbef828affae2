/** What a chart is, before it is drawn. */
import type { TopLevelSpec } from 'vega-lite';
import type { GridFilter, TableView } from '../../../src/protocol';

export interface Chart {
  /** The finding, in a sentence. */
  readonly title: string;
  /** For a drawing so many pixels wide. */
  readonly spec: (width: number) => TopLevelSpec;
  /** The same as a table: for those who cannot see it, and to copy. */
  readonly data: TableView;
  /** The rows behind what is marked on the axis `x`, from one value to another. */
  readonly rowsBetween?: (from: number, to: number) => GridFilter;
  /** The rows behind each row of the table, and behind what is drawn with its position as `row`. */
  readonly filters?: readonly (GridFilter | undefined)[];
  /** What a click on something drawn does where it does not lead to rows. */
  readonly onClick?: (datum: Readonly<Record<string, unknown>>) => void;
}

/** Colours by what they mean; variables, so that a change of theme needs no new drawing. */
export const colour = {
  accent: 'var(--chart-accent)',
  dim: 'var(--chart-dim)',
  line: 'var(--chart-grid)',
  text: 'var(--vscode-foreground)',
  dimText: 'var(--vscode-descriptionForeground)',
  onAccent: 'var(--chart-on-accent)',
  positive: 'var(--vscode-charts-blue)',
  negative: 'var(--vscode-charts-orange)',
  /** Stripes; the pattern stands in the page. */
  hatch: 'url(#hatch)',
} as const;

/** For things side by side, in an order that keeps neighbours apart. */
export const series: readonly string[] = [
  'var(--vscode-charts-blue)',
  'var(--vscode-charts-orange)',
  'var(--vscode-charts-green)',
  'var(--vscode-charts-purple)',
  'var(--vscode-charts-red)',
  'var(--vscode-charts-yellow)',
];

/** Charts are twice as wide as high, and never higher than this. */
export function heightOf(width: number): number {
  return Math.round(Math.min(Math.max(width / 2, 120), 240));
}

export function textTable(columns: readonly string[], rows: readonly (readonly string[])[]): TableView {
  return {
    columns: columns.map((title, index) => ({ title, numeric: index > 0 })),
    rows: rows.map((cells) => cells.map((text) => ({ text }))),
  };
}

/** Labels of an axis whose values are positions: two that read the same stay two. */
export function labelled(names: readonly string[]): string {
  return `${JSON.stringify(names)}[datum.value]`;
}

/** 12,000,000 as 12M, 0.00001 as 1e-5; whole numbers and fractions as they are. */
export const shortNumber =
  "datum.value === 0 ? '0' : abs(datum.value) >= 10000 ? replace(format(datum.value, '.3~s'), 'G', 'B') : abs(datum.value) < 0.001 ? format(datum.value, '.2~e') : format(datum.value, '.4~g')";
