/** Vega-Lite charts that follow the theme and need no `eval`. */
import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import type { Config, TopLevelSpec } from 'vega-lite';

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
  header: {
    labelColor: 'var(--vscode-foreground)',
    labelFontSize: 12,
    labelFontWeight: 600,
    titleColor: 'var(--vscode-descriptionForeground)',
  },
  bar: { color: 'var(--chart-accent)' },
  text: { color: 'var(--vscode-foreground)', fontSize: 12 },
};

/** Draws the chart into `container`; `description` is what a screen reader says of it. */
export async function drawChart(container: HTMLElement, spec: TopLevelSpec, description: string): Promise<vega.View> {
  const compiled = compile(
    { ...spec, description },
    {
      config: { ...themed, font: fontFamily() },
    },
  ).spec;
  const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container,
    hover: false,
    logLevel: vega.Warn,
  });
  await view.runAsync();
  return view;
}

/** Labels are measured on a canvas, which knows no variables. */
function fontFamily(): string {
  return getComputedStyle(document.body).fontFamily;
}
