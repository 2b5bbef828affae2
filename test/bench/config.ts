/**
 * Reading a config of 1,000 lines, as the editor does while somebody types: asked to take less than 100 ms. Beside it
 * what the `yaml` package takes as it comes, which checks nothing but the syntax.
 */
import { parseDocument } from 'yaml';
import { parseConfig } from '../../src/config';
import { inTurn, print } from './measure';

const LINES = 1000;

export async function benchConfig({ rounds }: { rounds: number }): Promise<void> {
  const readers = Object.entries(configs).map(([name, make]) => {
    const text = make();
    const { length } = text.split('\n');
    if (length < LINES || length > LINES + 10) throw new Error(`The config with ${name} has ${length} lines`);
    return [
      [name, () => read(text)],
      [alone(name), () => readAlone(text)],
    ] as const;
  });
  const results = await inTurn(rounds, Object.fromEntries(readers.flat()));
  const medianOf = (name: string) => results.find((result) => result.name === name)?.median ?? NaN;
  console.log(`\nReading a config of ${LINES} lines, ${rounds} rounds`);
  print([
    ['config', 'median', 'yaml alone', 'ratio', 'all'],
    ...results
      .filter(({ name }) => name in configs)
      .map(({ name, median, seconds }) => [
        name,
        inMilliseconds(median),
        inMilliseconds(medianOf(alone(name))),
        (median / medianOf(alone(name))).toFixed(2),
        seconds.map(inMilliseconds).join(' '),
      ]),
  ]);
}

function alone(name: string): string {
  return `${name}, yaml alone`;
}

function readAlone(text: string): Promise<void> {
  const { errors } = parseDocument(text);
  return errors.length === 0 ? Promise.resolve() : Promise.reject(new Error('The config was not read'));
}

function read(text: string): Promise<void> {
  const { datasetNames } = parseConfig(text, '.mldata.yaml');
  return datasetNames.length > 0 ? Promise.resolve() : Promise.reject(new Error('The config was not read'));
}

function inMilliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}

/** Configs that take longest in different places. */
const configs: Readonly<Record<string, () => string>> = {
  'many datasets': () => config((index) => dataset(`d${index}`, 10)),
  'one wide dataset': () => config(() => dataset('d', LINES - 8)),
  'a step for each column': () =>
    config(() => [
      ...dataset('d', LINES / 2 - 4),
      '    transforms:',
      ...lines(LINES / 2 - 5, (column) => `      - clip: { columns: c${column}, minimum: 0 }`),
    ]),
  'a slip in every line': () =>
    config(() => ['  d:', '    source: a.csv', '    schema:', '      columns:'].concat(lines(LINES, slip))),
  'datasets that inherit many columns': () =>
    [
      'version: 1',
      'defaults:',
      '  schema:',
      '    columns:',
      ...columns(LINES / 2),
      'datasets:',
      ...lines(LINES / 4, (index) => `  d${index}:\n    source: a.csv`),
    ].join('\n'),
};

/** Datasets until the config is as long as it is to be. */
function config(part: (index: number) => readonly string[]): string {
  const written = ['version: 1', 'datasets:'];
  for (let index = 0; written.length < LINES; index++) written.push(...part(index));
  return written.join('\n');
}

function dataset(name: string, width: number): string[] {
  return [
    `  ${name}:`,
    '    source: a.csv',
    '    schema:',
    '      columns:',
    ...columns(width),
    '    split: { train: 0.8, test: 0.2 }',
    '    output: { formats: [parquet], compression: zstd:3 }',
  ];
}

function columns(width: number): string[] {
  return lines(width, (column) => `        c${column}: { type: integer, minimum: 0, maximum: ${column} }`);
}

function slip(index: number): string {
  return `        c${index}: { typ: integer, minimun: 0 }`;
}

function lines(count: number, line: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}
