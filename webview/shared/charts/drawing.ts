/** Vega-Lite charts that follow the theme and need no `eval`. */
import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import type { Config, TopLevelSpec } from 'vega-lite';
import { concrete } from './colours';

/** Colours are variables, so a theme change restyles the drawing without a new one. */
const themed: Config = {
  background: 'transparent',
  view: { stroke: null },
  axis: {
    domain: false,
    ticks: false,
    labelColor: 'var(--vscode-descriptionForeground)',
    titleColor: 'var(--vscode-descriptionForeground)',
    gridColor: 'var(--chart-grid)',
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelPadding: 8,
  },
  legend: {
    labelColor: 'var(--vscode-foreground)',
    titleColor: 'var(--vscode-descriptionForeground)',
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    labelLimit: 160,
  },
  header: {
    labelColor: 'var(--vscode-foreground)',
    labelFontSize: 12,
    labelFontWeight: 600,
    titleColor: 'var(--vscode-descriptionForeground)',
  },
  bar: { color: 'var(--chart-accent)' },
  text: { color: 'var(--vscode-foreground)', fontSize: 12 },
  // Shares read as everywhere: `5 %`.
  locale: { number: { decimal: '.', thousands: ',', grouping: [3], currency: ['$', ''], percent: ' %' } },
};

/** Shows what is under the pointer, or hides it where `value` is empty. */
export type ShowTooltip = (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void;

/** Draws the chart into `container`; `description` is what a screen reader says of it. */
export async function drawChart(
  container: HTMLElement,
  spec: TopLevelSpec,
  description: string,
  tooltip?: ShowTooltip,
): Promise<vega.View> {
  const view = new vega.View(parse({ ...spec, description }, ownConfig()), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container,
    hover: false,
    logLevel: vega.Warn,
    ...(tooltip !== undefined && { tooltip }),
  });
  await view.runAsync();
  return view;
}

/** The chart as a picture that needs no editor around it: its colours are those of the theme of the moment. */
export async function chartSvg(spec: TopLevelSpec): Promise<string> {
  return still(spec).toSVG();
}

export async function chartPng(spec: TopLevelSpec): Promise<Blob> {
  const canvas = await still(spec).toCanvas(2);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture is too large.')) : resolve(blob)));
  });
}

/** The chart as other tools read it. */
export function portableSpec(spec: TopLevelSpec): TopLevelSpec {
  const config = { ...ownConfig(), background: 'var(--vscode-editor-background)' };
  return concrete({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec, config });
}

function still(spec: TopLevelSpec): vega.View {
  return new vega.View(parse(portableSpec(spec)), { expr: expressionInterpreter, renderer: 'none' });
}

function parse(spec: TopLevelSpec, config?: Config): vega.Runtime {
  return vega.parse(compile(spec, config === undefined ? {} : { config }).spec, undefined, { ast: true });
}

/** Labels are measured on a canvas, which knows no variables. */
function ownConfig(): Config {
  return { ...themed, font: getComputedStyle(document.body).fontFamily };
}
