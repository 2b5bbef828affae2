/** The values of a config as text for a terminal. */
import { relative } from 'node:path';
import type { ConfigReport, ConfigValue, Origin } from '../protocol';
import type { Console } from './console';

const layerWords: Readonly<Record<Origin['layer'], string>> = {
  'built-in': 'built in',
  user: 'your own config',
  workspace: 'config',
  defaults: 'defaults',
  dataset: 'dataset',
  environment: 'environment',
  option: 'option',
};

export function renderConfig(report: ConfigReport, showOrigin: boolean, output: Console): void {
  const tables = [
    { title: undefined, values: report.values },
    ...report.datasets.map(({ dataset, values }) => ({ title: dataset, values })),
  ];
  for (const { title, values } of tables) {
    if (title !== undefined) output.line(title);
    const indent = title === undefined ? '' : '  ';
    const keyWidth = Math.max(...values.map(({ key }) => key.length));
    for (const { key, value, origin } of values) {
      output.line(
        `${indent}${key.padEnd(keyWidth)}  ${valueText(value)}${showOrigin ? `  (${originText(origin)})` : ''}`,
      );
    }
  }
  if (report.config === null) output.note('There is no config of a workspace in this folder or above it.');
}

/** Text as it is, anything else as JSON, which YAML reads too. */
export function valueText(value: ConfigValue['value']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function originText({ layer, file, line, name }: Origin): string {
  if (name !== undefined) return `${layerWords[layer]} ${name}`;
  if (file === undefined) return layerWords[layer];
  const shown = layer === 'user' ? file : relative(process.cwd(), file);
  return `${layerWords[layer]}, ${shown}${line === undefined ? '' : `:${line}`}`;
}
