/** What the text at a place is about. */
import type { ConfigPath } from '../../protocol';
import { datasetSource } from '../dependencies';
import type { DatasetSource } from '../dependencies';
import type { ConfigDocument } from '../document';
import type { TextRange } from '../lines';
import { writtenSchema } from '../written';
import { withinDataset } from './columns';
import { formsAt, keyForms, namedBy, ownKeys } from './forms';
import { placeAt, valueAt, type Place } from './place';
import { writtenWords } from './sqlWords';
import type { Use } from './uses';

export type Topic =
  | { readonly kind: 'key'; readonly key: string; readonly description: string; readonly range: TextRange }
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly use: Pick<Use, 'path' | 'part' | 'sql'>;
      readonly range: TextRange;
    }
  | { readonly kind: 'dataset'; readonly name: string; readonly range: TextRange }
  | { readonly kind: 'source'; readonly source: DatasetSource; readonly range: TextRange }
  | { readonly kind: 'path'; readonly path: string; readonly at: ConfigPath; readonly range: TextRange };

/** Undefined for white space, comments, and what means nothing beyond itself. */
export function topicAt(text: string, document: ConfigDocument, offset: number): Topic | undefined {
  const place = placeAt(document, offset);
  if (place === undefined) return undefined;
  return place.part === 'key' ? keyTopic(place) : (valueTopic(text, document, offset, place) ?? keyTopic(place));
}

/** Of a key; of a value, the key that it belongs to. */
function keyTopic({ path, part, range }: Place): Topic | undefined {
  const length = path.findLastIndex((step) => typeof step === 'string');
  const parent = path.slice(0, length);
  const key = String(path[length] ?? '');
  if (part === 'key') {
    const use = { path, part };
    if (declaresColumn(path) || ownKeys(formsAt(writtenSchema, parent)) === 'column')
      return { kind: 'column', name: key, use, range };
    if (path.length === 2 && path[0] === 'datasets') return { kind: 'dataset', name: key, range };
  }
  const form = keyForms(formsAt(writtenSchema, parent)).find((each) => each.key === key);
  return form && { kind: 'key', key, description: form.description, range };
}

export function declaresColumn(path: ConfigPath): boolean {
  const rest = withinDataset(path)?.rest;
  return rest?.length === 3 && rest[0] === 'schema' && rest[1] === 'columns';
}

function valueTopic(text: string, document: ConfigDocument, offset: number, { path, range }: Place): Topic | undefined {
  const value = valueAt(document.data, path);
  if (typeof value !== 'string') return undefined;
  const names = formsAt(writtenSchema, path)
    .map(namedBy)
    .find((named) => named !== undefined);
  switch (names) {
    case 'column':
    case 'newColumn':
      return { kind: 'column', name: value, use: { path, part: 'value' }, range };
    case 'dataset': {
      const source = datasetSource(`dataset://${value}`);
      return source && { kind: 'source', source, range };
    }
    case 'path': {
      const source = datasetSource(value);
      return source ? { kind: 'source', source, range } : { kind: 'path', path: value, at: path, range };
    }
    case 'expression':
    case 'query': {
      const words = writtenWords(text.slice(range.start, range.end)) ?? [];
      const index = words.findIndex(({ start, end }) => start <= offset - range.start && offset - range.start <= end);
      const word = words[index];
      if (word === undefined) return undefined;
      const at = { start: range.start + word.start, end: range.start + word.end };
      return {
        kind: 'column',
        name: word.name,
        use: { path, part: 'value', sql: { index, sure: word.sure } },
        range: at,
      };
    }
    default:
      return undefined;
  }
}
