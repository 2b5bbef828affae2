/** The outline of a config: datasets, their columns, steps, split and checks. */
import type { ConfigDocument } from '../document';
import type { ConfigPath } from '../../protocol';
import type { TextRange } from '../lines';
import { isRecord } from '../shape';

export interface ConfigSymbol {
  readonly kind: 'dataset' | 'section' | 'column' | 'step' | 'check' | 'split' | 'source';
  readonly name: string;
  readonly detail: string;
  /** From the key to the end of its value. */
  readonly range: TextRange;
  /** The key. */
  readonly selection: TextRange;
  readonly children: readonly ConfigSymbol[];
}

export function symbolsOf({ data, rangeOf }: ConfigDocument): ConfigSymbol[] {
  const root = isRecord(data) ? data : {};
  const symbol = (
    kind: ConfigSymbol['kind'],
    name: string,
    path: ConfigPath,
    detail = '',
    children: readonly ConfigSymbol[] = [],
  ): ConfigSymbol => {
    const selection = rangeOf(path, 'key');
    const range = { start: selection.start, end: Math.max(selection.end, rangeOf(path, 'value').end) };
    // What an alias or a merge key brings stands elsewhere.
    return { kind, name, detail, range, selection, children: children.filter((child) => isWithin(child.range, range)) };
  };

  const datasetSymbols = (dataset: unknown, at: ConfigPath): ConfigSymbol[] => {
    if (!isRecord(dataset)) return [];
    return Object.entries(dataset).map(([key, value]) => {
      const path = [...at, key];
      if (key === 'source') return symbol('source', key, path, sourceText(value));
      if (key === 'schema') return symbol('section', key, path, '', columnSymbols(value, path));
      if (key === 'transforms') return symbol('section', key, path, '', stepSymbols(value, path));
      if (key === 'split') return symbol('split', key, path, shares(value));
      if (key !== 'checks') return symbol('section', key, path, scalarText(value));
      const checks = Object.keys(isRecord(value) ? value : {});
      return symbol(
        'section',
        key,
        path,
        '',
        checks.map((name) => symbol('check', name, [...path, name])),
      );
    });
  };
  const columnSymbols = (schema: unknown, at: ConfigPath): ConfigSymbol[] => {
    const columns = isRecord(schema) && isRecord(schema['columns']) ? schema['columns'] : {};
    return Object.entries(columns).map(([name, column]) => {
      const { type, role } = isRecord(column) ? column : { type: column, role: undefined };
      const detail = [type, role].filter((part) => typeof part === 'string').join(' · ');
      return symbol('column', name, [...at, 'columns', name], detail);
    });
  };
  const stepSymbols = (steps: unknown, at: ConfigPath): ConfigSymbol[] =>
    (Array.isArray(steps) ? (steps as unknown[]) : []).flatMap((step, index) => {
      const [name] = Object.keys(isRecord(step) ? step : {});
      if (name === undefined || !isRecord(step)) return [];
      const parameters = step[name];
      const { columns, column } = isRecord(parameters) ? parameters : { columns: undefined, column: undefined };
      const named = columns ?? column;
      const detail = isRecord(named) ? Object.keys(named) : [named].flat().filter((part) => typeof part === 'string');
      return [symbol('step', name, [...at, index, name], detail.join(', '))];
    });

  return Object.entries(root).flatMap(([key, value]) => {
    if (key === 'datasets' && isRecord(value)) {
      return Object.entries(value).map(([name, dataset]) => {
        const title = isRecord(dataset) && typeof dataset['title'] === 'string' ? dataset['title'] : '';
        return symbol('dataset', name, [key, name], title, datasetSymbols(dataset, [key, name]));
      });
    }
    return [symbol('section', key, [key], scalarText(value), key === 'defaults' ? datasetSymbols(value, [key]) : [])];
  });
}

function isWithin(inner: TextRange, outer: TextRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function sourceText(value: unknown): string {
  const entries = [value].flat().map((entry: unknown) => (isRecord(entry) ? (entry['path'] ?? entry['uri']) : entry));
  return entries.filter((entry) => typeof entry === 'string').join(', ');
}

function shares(split: unknown): string {
  if (!isRecord(split)) return '';
  return ['train', 'validation', 'test']
    .map((name) => scalarText(split[name]))
    .filter((share) => share !== '')
    .join(' / ');
}
