/** Where a config contradicts its data, as the engine saw it, on the lines that say so: while it is being written. */
import { languages, workspace } from 'vscode';
import type { TextDocument, Uri } from 'vscode';
import type { ParsedConfig } from '../../config';
import type { ConfigPath, Finding, Location } from '../../protocol';
import { findingsOf } from '../datasets/findings';
import { isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import type { ConfigTexts } from './configTexts';
import { configDiagnostic } from './findingDiagnostics';
import type { SourceLooks } from './sourceLooks';

/** As long as the problems of the text wait. */
const DEBOUNCE_MS = 100;

interface Tools {
  readonly texts: ConfigTexts;
  readonly looks: SourceLooks;
  readonly store: DatasetStore;
  readonly validations: Validations;
}

export class DataDiagnostics extends Disposable {
  private readonly collection = this._register(languages.createDiagnosticCollection('mldata.data'));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly tools: Tools) {
    super();
    const { looks, store, validations } = tools;
    this._register(looks.onDidChange((uri) => this.schedule(uri, 0)));
    this._register(workspace.onDidChangeTextDocument(({ document: { uri } }) => this.schedule(uri, DEBOUNCE_MS)));
    // What a build or a validation says now need not be said twice.
    this._register(store.onDidChange(() => workspace.textDocuments.forEach(({ uri }) => this.schedule(uri, 0))));
    this._register(validations.onDidChange(({ config }) => this.schedule(config, 0)));
    this._register({ dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) });
  }

  private schedule(uri: Uri, ms: number): void {
    if (uri.scheme !== 'file' || !isConfig(uri)) return;
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.show(uri);
      }, ms),
    );
  }

  private show(uri: Uri): void {
    const document = workspace.textDocuments.find((open) => !open.isClosed && open.uri.toString() === uri.toString());
    if (document === undefined) this.collection.delete(uri);
    else this.collection.set(uri, this.diagnosticsOf(document));
  }

  private diagnosticsOf(document: TextDocument) {
    const { texts, looks, store, validations } = this.tools;
    const { uri } = document;
    const parsed = texts.of(document);
    const said = new Set(parsed.findings.map(keyOf));
    return parsed.datasetNames.flatMap((name) => {
      const look = looks.of(uri, name);
      if (look === undefined) return [];
      const dataset = store.find(uri, name);
      const elsewhere = dataset === undefined ? [] : findingsOf(dataset, validations.of(dataset));
      const others = new Set([...said, ...elsewhere.map(keyOf)]);
      return look.findings
        .filter((finding) => !others.has(keyOf(finding)))
        .map((finding) => configDiagnostic({ ...finding, locations: placesOf(parsed, finding) }));
    });
  }
}

function keyOf({ code, configPath = [] }: Finding): string {
  return JSON.stringify([code, configPath]);
}

function placesOf(parsed: ParsedConfig, { configPath = [] }: Finding): Location[] {
  const place = configPath[2] === 'source' ? sourcePlace(parsed, configPath) : placeOf(parsed, configPath);
  return place === undefined ? [] : [place];
}

/** Where a place within a dataset is written: there, in `defaults`, or what is left of the way to it. */
function placeOf(parsed: ParsedConfig, path: ConfigPath): Location | undefined {
  const inherited = ['defaults', ...path.slice(2)];
  const at = !isWritten(parsed, path) && isWritten(parsed, inherited) ? inherited : path;
  // Of steps and splits the value names a column; of a schema the key says what is contradicted.
  const isValue = path[2] === 'transforms' || path[2] === 'split' || typeof path.at(-1) === 'number';
  return parsed.locate(at, isValue ? 'value' : 'key');
}

function isWritten(parsed: ParsedConfig, path: ConfigPath): boolean {
  const [own, parent] = [path, path.slice(0, -1)].map((at) => JSON.stringify(parsed.locate(at, 'key')));
  return own !== parent;
}

/** A source is a path, a list of them, or a map with one: the path is what is shown. */
function sourcePlace(parsed: ParsedConfig, [datasets = '', name = '', source = '', index]: ConfigPath) {
  const own = [datasets, name, source];
  const at = isWritten(parsed, own) ? own : ['defaults', source];
  const places = [[...at, 'path'], ...(index === undefined ? [] : [[...at, index, 'path']])].flatMap(
    (path) => parsed.locate(path, 'value') ?? [],
  );
  return places.sort((a, b) => extent(a) - extent(b))[0];
}

/** Lines first, so that the narrowest place comes out. */
function extent({ line = 1, endLine = line, column = 1, endColumn = column }: Location): number {
  return (endLine - line) * 1e6 + endColumn - column;
}
