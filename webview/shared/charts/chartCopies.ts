/** A chart to take along: as a picture, as a specification, as the figures behind it. */
import * as l10n from '@vscode/l10n';
import { loadCharts } from './lazyCharts';
import type { Chart } from './chart';
import { csv } from './csv';
import type { MenuItem } from '../menu';

export function copyItems(chart: Chart, width: () => number): MenuItem[] {
  const spec = () => chart.spec(Math.max(width(), 320));
  const copyText = (text: string): Promise<void> => navigator.clipboard.writeText(text);
  return [
    {
      text: l10n.t('Copy as PNG'),
      // The clipboard takes a promise: what is drawn after the click still counts as asked for.
      run: () =>
        navigator.clipboard.write([
          new ClipboardItem({ 'image/png': loadCharts().then(({ chartPng }) => chartPng(spec())) }),
        ]),
    },
    { text: l10n.t('Copy as SVG'), run: async () => copyText(await (await loadCharts()).chartSvg(spec())) },
    {
      text: l10n.t('Copy Vega-Lite Specification'),
      run: async () => copyText(JSON.stringify((await loadCharts()).portableSpec(spec()), null, 2)),
    },
    { text: l10n.t('Copy Data'), run: () => copyText(csv(chart.data)) },
  ];
}
