/** Rows per split, or class shares per split, as bars and as a table. */
import type { TopLevelSpec } from 'vega-lite';
import type { BuildReportWords, SplitChart } from '../../src/protocol';
import { drawChart } from '../shared/charts/drawing';
import { element } from '../shared/dom';
import { table } from '../shared/table';

const BAR = 24;
/** Room for labels beside and in the bars, in pixels. */
const LABELS = 120;

export function drawSplits(chart: SplitChart, words: BuildReportWords, locale: string): HTMLElement[] {
  const drawing = element('div', { class: 'chart', role: 'img', 'aria-label': chart.title });
  const details = element('details', {}, [
    element('summary', { 'data-key': 'splits/table' }, [words.showTable]),
    table(tableOf(chart, locale), chart.title),
  ]);
  // Its room is known once it stands in the page.
  queueMicrotask(() => void drawChart(drawing, specOf(chart, Math.min(drawing.clientWidth, 720)), chart.title));
  return [element('p', { class: 'chart-title' }, [chart.title]), drawing, details];
}

function specOf(chart: SplitChart, width: number): TopLevelSpec {
  return chart.bars.some((bar) => bar.class !== undefined) ? classSpec(chart, width) : sizeSpec(chart, width);
}

/** One bar per split, with its rows and share beside it. */
function sizeSpec({ bars, rowsTitle }: SplitChart, width: number): TopLevelSpec {
  return {
    data: { values: [...bars] },
    width: Math.max(width - 2 * LABELS, LABELS),
    height: { step: BAR },
    encoding: {
      y: { field: 'split', type: 'nominal', sort: null, title: null },
      x: { field: 'rows', type: 'quantitative', title: rowsTitle, axis: { tickCount: 4, format: ',d' } },
    },
    layer: [
      { mark: { type: 'bar', height: { band: 0.7 } } },
      {
        mark: { type: 'text', align: 'left', dx: 6 },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}

/** One small chart per split with the same classes in the same order, so that a difference is a step between them. */
function classSpec({ bars, shareTitle }: SplitChart, width: number): TopLevelSpec {
  const splits = [...new Set(bars.map(({ split }) => split))];
  return {
    data: { values: [...bars] },
    spacing: 24,
    facet: { column: { field: 'split', type: 'nominal', sort: splits, title: null, header: { labelAnchor: 'start' } } },
    spec: {
      width: Math.max((width - LABELS) / splits.length - 24, 80),
      height: { step: BAR },
      mark: { type: 'bar', height: { band: 0.7 } },
      encoding: {
        y: { field: 'class', type: 'nominal', sort: null, title: null, axis: { labelLimit: 96 } },
        x: { field: 'share', type: 'quantitative', title: shareTitle, axis: { tickCount: 3, format: '.0%' } },
        tooltip: { field: 'label', type: 'nominal' },
      },
    },
  };
}

function tableOf({ bars, columns }: SplitChart, locale: string) {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const plain = new Intl.NumberFormat(locale);
  return {
    columns: columns.map((title, index) => ({ title, numeric: index >= columns.length - 2 })),
    rows: bars.map((bar) =>
      [bar.split, bar.class, plain.format(bar.rows), percent.format(bar.share)]
        .filter((text) => text !== undefined)
        .map((text) => ({ text })),
    ),
  };
}
