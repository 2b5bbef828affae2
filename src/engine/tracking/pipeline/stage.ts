/** What a stage of `dvc.yaml` is to say, and how that comes into one that somebody may have added to. */
import { isAlias, isMap, isScalar, isSeq, Scalar, YAMLMap, YAMLSeq, type Document } from 'yaml';
import { yamlScalar } from '../dvc/yamlText';
import { builds } from './pipelineFile';

/** An output, with what DVC is to do with it. */
export interface StageOutput {
  /** As all paths here: relative to the folder that the command runs in, with forward slashes. */
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface StagePlan {
  readonly dataset: string;
  readonly cmd: string;
  readonly deps: readonly string[];
  readonly params: { readonly file: string; readonly keys: readonly string[] };
  readonly outs: readonly StageOutput[];
  readonly metrics: readonly StageOutput[];
  readonly plots: readonly StageOutput[];
}

/** `${` begins what DVC fills in. */
export function literal(path: string): string {
  return path.replaceAll('${', '\\${');
}

/** Brings a stage up to date. What mldata did not write itself, says the note, stays; so do the options of what is kept. */
export function applyPlan(stage: YAMLMap, document: Document, plan: StagePlan, formerly: readonly string[]): void {
  const former = new Set(formerly);
  setCommand(stage, plan);
  mergeList(
    stage,
    document,
    'deps',
    plan.deps.map((path) => ({ path, options: {} })),
    former,
  );
  mergeParameters(stage, document, plan);
  mergeList(stage, document, 'outs', plan.outs, former);
  for (const { path, options } of plan.outs) keepStanding(stage, document, path, options);
  mergeList(stage, document, 'metrics', plan.metrics, former);
  mergeList(stage, document, 'plots', plan.plots, former);
  const paths = [...plan.deps, ...[...plan.outs, ...plan.metrics, ...plan.plots].map(({ path }) => path)];
  const note = { dataset: plan.dataset, paths: paths.map(scalar) };
  const meta: unknown = stage.get('meta', true);
  if (isMap(meta)) meta.set('mldata', document.createNode(note));
  else stage.set('meta', document.createNode({ mldata: note }));
}

/** A command that says the same and more stays as it is. */
function setCommand(stage: YAMLMap, { cmd, dataset }: StagePlan): void {
  const current: unknown = stage.get('cmd', true);
  const suffices = (text: string) => {
    const words = text.split(/\s+/);
    return builds(text, dataset) && cmd.split(/\s+/).every((word) => words.includes(word));
  };
  if (isSeq(current)) {
    const at = current.items.findIndex((item) => isScalar(item) && builds(String(item.value), dataset));
    const found: unknown = current.items[at];
    if (isScalar(found) && suffices(String(found.value))) return;
    if (at >= 0) current.set(at, cmd);
    else current.items.unshift(new Scalar(cmd));
  } else if (!isScalar(current) || !suffices(String(current.value))) stage.set('cmd', cmd);
}

function mergeList(
  stage: YAMLMap,
  document: Document,
  key: string,
  wanted: readonly StageOutput[],
  former: ReadonlySet<string>,
): void {
  const list = listAt(stage, document, key);
  const paths = new Set(wanted.map(({ path }) => path));
  list.items = list.items.filter((item) => paths.has(nameOf(item)) || !former.has(nameOf(item)));
  const present = new Set(list.items.map(nameOf));
  for (const { path, options } of wanted) {
    if (!present.has(path)) list.add(entry(document, path, options));
  }
  if (list.items.length === 0) stage.delete(key);
}

/** The list, made where there is none. What an alias stands for is written out: its other places stay as they are. */
function listAt(stage: YAMLMap, document: Document, key: string): YAMLSeq {
  const found: unknown = stage.get(key, true);
  if (isSeq(found)) return found;
  const target: unknown = isAlias(found) ? found.resolve(document) : undefined;
  const list = new YAMLSeq();
  if (isSeq(target)) list.items = [...target.items];
  stage.set(key, list);
  return list;
}

function nameOf(item: unknown): string {
  const node: unknown = isMap(item) ? item.items[0]?.key : item;
  return isScalar(node) ? String(node.value) : String(node);
}

/** DVC removes outputs before it runs a command, and what stands is what the next build begins with. */
function keepStanding(stage: YAMLMap, document: Document, path: string, options: StageOutput['options']): void {
  const list = listAt(stage, document, 'outs');
  const at = list.items.findIndex((item) => nameOf(item) === path);
  const found: unknown = list.items[at];
  const written: unknown = isMap(found) ? found.items[0]?.value : undefined;
  if (isMap(written)) written.set('persist', true);
  else list.items[at] = entry(document, path, options);
}

function entry(document: Document, path: string, options: StageOutput['options']): unknown {
  return Object.keys(options).length === 0 ? scalar(path) : keyed(path, document.createNode(options));
}

/** Of the keys of the config those are ours that name the dataset or the defaults. Somebody may follow all of it. */
function mergeParameters(stage: YAMLMap, document: Document, { params: { file, keys }, dataset }: StagePlan): void {
  const ours = new Set([`datasets.${dataset}`, 'defaults']);
  const list = listAt(stage, document, 'params');
  const at = list.items.findIndex((item) => isMap(item) && nameOf(item) === file);
  const found: unknown = list.items[at];
  const written: unknown = isMap(found) ? found.items[0]?.value : undefined;
  if (found === undefined || isSeq(written)) {
    const present = isSeq(written) ? written.items.map(nameOf) : [];
    const wanted = [...keys, ...present.filter((key) => !ours.has(key))];
    const isSame = wanted.length === present.length && wanted.every((key) => present.includes(key));
    const items = wanted.length === 0 ? [] : isSame ? [found] : [keyed(file, document.createNode(wanted))];
    list.items.splice(at < 0 ? list.items.length : at, at < 0 ? 0 : 1, ...items);
  }
  if (list.items.length === 0) stage.delete('params');
}

function keyed(path: string, value: unknown): YAMLMap {
  const map = new YAMLMap();
  map.set(scalar(path), value);
  return map;
}

/** DVC reads more texts as numbers and dates than others do, such as `1_000` and `2026-01-31`. */
function scalar(text: string): Scalar<string> {
  const node = new Scalar(text);
  const [mark] = yamlScalar(text);
  if (mark === "'") node.type = Scalar.QUOTE_SINGLE;
  if (mark === '"') node.type = Scalar.QUOTE_DOUBLE;
  return node;
}
