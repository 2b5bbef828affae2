/**
 * Which texts of a config mean the same column. A name alone does not tell: a step may take a column away or give its
 * name to another one, so the steps are gone through in their order.
 */
import type { ConfigPath } from '../../protocol';
import { datasetSource } from '../dependencies';
import type { ConfigDocument } from '../document';
import { isRecord } from '../shape';
import { writtenSchema } from '../written';
import { readStep, sectionsOf, stepsOf } from './columns';
import { formsAt, mentionsIn, type Mention } from './forms';
import { sqlWords } from './sqlWords';

/** A place that names a column. */
export interface Use {
  readonly path: ConfigPath;
  readonly part: 'key' | 'value';
  readonly name: string;
  /** Whether the column is declared here. */
  readonly declares?: boolean;
  /** In SQL: the how manieth name it is, and whether it surely is the column. */
  readonly sql?: { readonly index: number; readonly sure: boolean };
}

/** A column of one dataset, or of datasets that only `defaults` describe. */
export interface Column {
  readonly dataset: string | undefined;
  /** In the order of the rows' way: declared, used where rows are read, in steps, in the split. */
  readonly uses: readonly Use[];
  /** Where it comes from or goes to beyond the dataset: alike for two columns of which one is the other's. */
  readonly ways: readonly string[];
  readonly namedAfter?: NamedAfter;
}

/** What a step calls `Age_days` because another column is called `Age`. */
interface NamedAfter {
  readonly column: Column;
  readonly ending: string;
  /** False where the step learns from the rows which columns it makes. */
  readonly sure: boolean;
}

/** A place that names a column after another one. */
export interface DerivedUse extends Pick<NamedAfter, 'ending' | 'sure'> {
  readonly use: Use;
}

/** Steps that name columns after those that they take, and whether the config alone tells which. */
const naming: Readonly<Record<string, { readonly sure: boolean }>> = {
  datetime_parts: { sure: true },
  text_length: { sure: true },
  one_hot: { sure: false },
};

/** Every column of a config, dataset by dataset. */
export function columnsOf(data: unknown): Column[] {
  const datasets = isRecord(data) && isRecord(data['datasets']) ? Object.keys(data['datasets']) : [];
  return [...datasets, undefined].flatMap((dataset) => columnsOfDataset(data, dataset));
}

/**
 * All places that mean the same column as one place: what stands in `defaults`, or what an alias repeats, is the same
 * for every dataset; and so is what comes unchanged out of a dataset into one that is read from it.
 * @param at a path and part, and in SQL which name
 */
export function usesOf(
  { data, rangeOf }: Pick<ConfigDocument, 'data' | 'rangeOf'>,
  at: Pick<Use, 'path' | 'part' | 'sql'>,
): (Column & { readonly derived: readonly DerivedUse[] }) | undefined {
  const placeOf = ({ path, part, sql }: Pick<Use, 'path' | 'part' | 'sql'>): string =>
    JSON.stringify([rangeOf(path, part), sql?.index]);
  const columns = columnsOf(data);
  const places = new Map(columns.map((column) => [column, [...column.uses.map(placeOf), ...column.ways]]));
  const own = columns.find(({ uses }) => uses.some((use) => useKey(use) === useKey(at)));
  if (own === undefined) return undefined;
  const same = sameAs(own, places);
  return { ...own, uses: distinctUses(same), derived: derivedFrom(same, places) };
}

/** The column itself, and what is the same as it elsewhere. */
function sameAs(own: Column, places: ReadonlyMap<Column, readonly string[]>): ReadonlySet<Column> {
  const same = new Set([own]);
  const wanted = new Set(places.get(own));
  for (let before = -1; before < wanted.size;) {
    before = wanted.size;
    for (const [column, its] of places) {
      if (!its.some((place) => wanted.has(place))) continue;
      for (const place of its) wanted.add(place);
      same.add(column);
    }
  }
  return same;
}

/** Where columns are named after these, and others after those. */
function derivedFrom(
  columns: ReadonlySet<Column>,
  places: ReadonlyMap<Column, readonly string[]>,
): readonly DerivedUse[] {
  const derived = [...places.keys()].flatMap((column) => {
    const { namedAfter } = column;
    if (namedAfter === undefined || !columns.has(namedAfter.column)) return [];
    const same = sameAs(column, places);
    const { ending, sure } = namedAfter;
    const further = derivedFrom(same, places).map((each) => ({
      ...each,
      ending: ending + each.ending,
      sure: sure && each.sure,
    }));
    return [...distinctUses(same).map((use) => ({ use, ending, sure })), ...further];
  });
  return [...new Map(derived.map((each) => [useKey(each.use), each])).values()];
}

function distinctUses(columns: ReadonlySet<Column>): Use[] {
  return [...new Map([...columns].flatMap(({ uses }) => uses.map((use) => [useKey(use), use] as const))).values()];
}

/** Tells the use from all others. */
export function useKey({ path, part, sql }: Pick<Use, 'path' | 'part' | 'sql'>): string {
  return JSON.stringify([path, part, sql?.index]);
}

interface Growing {
  readonly dataset: string | undefined;
  readonly uses: Use[];
  readonly ways: string[];
  readonly namedAfter?: NamedAfter;
}

/** Of a column as it leaves the steps of a dataset. */
function wayOut(dataset: string, name: string): string {
  return JSON.stringify({ dataset, name });
}

/** The datasets whose rows a dataset reads; none where it reads files too, whose columns nobody else names. */
function sourcesOf(data: unknown, dataset: string | undefined): string[] {
  const [section] = sectionsOf(data, dataset, 'source');
  const named = [section?.value].flat().map((entry: unknown) => {
    const path = isRecord(entry) ? entry['path'] : entry;
    return typeof path === 'string' ? datasetSource(path)?.dataset : undefined;
  });
  return named.every((name) => name !== undefined) ? named : [];
}

function columnsOfDataset(data: unknown, dataset: string | undefined): Column[] {
  const all: Growing[] = [];
  const here = new Map<string, Growing>();
  /** What steps that ran have named columns after, the last of them first. */
  const patterns: { readonly name: string; readonly column: Growing; readonly sure: boolean }[] = [];
  const make = (name: string, among: typeof patterns): Growing => {
    const pattern = among.find((each) => name.startsWith(`${each.name}_`));
    const namedAfter = pattern && {
      column: pattern.column,
      ending: name.slice(pattern.name.length),
      sure: pattern.sure,
    };
    const column: Growing = { dataset, uses: [], ways: [], ...(namedAfter && { namedAfter }) };
    all.push(column);
    here.set(name, column);
    return column;
  };
  const sources = sourcesOf(data, dataset);
  let rewritten = false;
  /** One that is there before any step, declared or not. */
  const find = (name: string): Growing => {
    const known = here.get(name);
    if (known) return known;
    const column = make(
      name,
      patterns.filter(({ sure }) => !sure),
    );
    if (!rewritten) column.ways.push(...sources.map((source) => wayOut(source, name)));
    return column;
  };
  const use = (mention: Mention): void => {
    const { names, path, part, text: name } = mention;
    if (names === 'column') find(name).uses.push({ path, part, name });
    if (names !== 'expression' && names !== 'query') return;
    for (const [index, word] of sqlWords(name).entries()) {
      const known = here.get(word.name) ?? (word.quoted ? undefined : alike(here, word.name));
      const sure = word.sure && (names === 'expression' || word.quoted);
      // In an expression a name that is nothing else is a column, whether it is declared or not.
      const column = known ?? (sure && names === 'expression' ? find(word.name) : undefined);
      column?.uses.push({ path, part, name: word.name, sql: { index, sure } });
    }
  };
  const useSections = (keys: readonly string[]): void => {
    for (const key of keys) {
      for (const { value, at } of sectionsOf(data, dataset, key)) {
        mentionsIn(formsAt(writtenSchema, ['defaults', key]), value, at).forEach(use);
      }
    }
  };

  for (const { value, at } of sectionsOf(data, dataset, 'schema')) {
    const columns = isRecord(value) && isRecord(value['columns']) ? value['columns'] : {};
    for (const name of Object.keys(columns)) {
      find(name).uses.push({ path: [...at, 'columns', name], part: 'key', name, declares: true });
    }
  }
  const sections = Object.keys(writtenSchema.shape.defaults.unwrap().shape);
  useSections(sections.filter((key) => key !== 'transforms' && key !== 'split'));

  let split = false;
  const { steps, at } = stepsOf(data, dataset);
  for (const [index, step] of steps.entries()) {
    const read = readStep(step);
    if (read?.fitted === true && !split) {
      split = true;
      useSections(['split']);
    }
    const mentions = mentionsIn(formsAt(writtenSchema, ['defaults', 'transforms', index]), step, [...at, index]);
    mentions.forEach(use);
    // What a query leaves of the columns is not known; names mostly go on to mean what they did.
    if (read === undefined || read.name === 'sql') {
      rewritten = true;
      continue;
    }
    const before = new Map([...here.keys()].map((name) => [name, undefined]));
    const after = read.after({ types: before, open: true }).types;
    const named = naming[read.name];
    const made = mentions.flatMap(({ names, text: name }) => {
      const column = names === 'column' ? here.get(name) : undefined;
      return named && column ? [{ name, column, ...named }] : [];
    });
    // Of `a` and `a_b` it is the longer one that `a_b_c` is named after.
    patterns.unshift(...made.sort((a, b) => b.name.length - a.name.length));
    for (const name of before.keys()) if (!after.has(name)) here.delete(name);
    for (const name of after.keys()) if (!here.has(name)) make(name, made);
    for (const { names, path, part, text: name } of mentions) {
      if (names === 'newColumn') make(name, []).uses.push({ path, part, name });
    }
  }
  if (!split) useSections(['split']);
  if (dataset !== undefined) for (const [name, column] of here) column.ways.push(wayOut(dataset, name));
  return all.filter(({ uses, namedAfter }) => uses.length > 0 || namedAfter !== undefined);
}

/** SQL does not mind the case of letters. */
function alike(columns: ReadonlyMap<string, Growing>, name: string): Growing | undefined {
  const lower = name.toLowerCase();
  const found = [...columns].filter(([other]) => other.toLowerCase() === lower);
  return found.length === 1 ? found[0]?.[1] : undefined;
}
