/** What the engine saw in the sources of the configs that are open, for whoever helps writing them. */
import { EventEmitter, workspace } from 'vscode';
import type { Event, LogOutputChannel, TextDocument, Uri } from 'vscode';
import { parseConfig } from '../../config';
import type { ParsedConfig } from '../../config';
import { MldataError } from '../../protocol';
import type { DatasetSpec, Engine, SourceLook } from '../../protocol';
import { isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { userLayer } from '../datasets/userLayer';
import { Disposable } from '../disposable';
import { ENGINE_STOPPED } from '../engineClient';
import { runOptions } from '../settings';

/** What is known of sources; an answer may be of the text of a moment ago. */
export interface SourceLooks {
  /** The config about whose datasets something else is known now. */
  readonly onDidChange: Event<Uri>;
  /** Undefined where the source was not looked at, or could not be read. */
  of(config: Uri, dataset: string): SourceLook | undefined;
}

/** A pause in typing. */
const DEBOUNCE_MS = 400;

interface Known {
  /** What of the dataset decides what a look says. */
  readonly asked: string;
  /** Absent: the look failed. */
  readonly look?: SourceLook;
}

/** One config in an editor. */
interface Open {
  readonly document: TextDocument;
  /** By dataset. */
  readonly known: Map<string, Known>;
  timer?: NodeJS.Timeout;
  /** Whether its files may have changed since. */
  filesToo: boolean;
  /** The looks that are being taken. */
  controller?: AbortController;
}

/**
 * Asks the engine about the sources of open configs: once a config is opened, when a dataset or the files it reads have
 * changed. Only in a trusted workspace, one look at a time, and not again what made the engine stop.
 */
export class OpenSourceLooks extends Disposable implements SourceLooks {
  private readonly changed = this._register(new EventEmitter<Uri>());
  readonly onDidChange = this.changed.event;
  private readonly open = new Map<string, Open>();
  private turn: Promise<void> = Promise.resolve();
  private engineMissing = false;

  constructor(
    private readonly engine: Pick<Engine, 'look'>,
    store: DatasetStore,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this._register({ dispose: () => this.open.forEach(stop) });
    for (const document of workspace.textDocuments) this.schedule(document);
    this._register(workspace.onDidOpenTextDocument((document) => this.schedule(document)));
    this._register(workspace.onDidChangeTextDocument(({ document }) => this.schedule(document)));
    this._register(workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this._register(
      workspace.onDidGrantWorkspaceTrust(() => workspace.textDocuments.forEach((one) => this.schedule(one))),
    );
    // The store watches the files that datasets read; what it saw may be about one of them.
    this._register(store.onDidChange(() => this.open.forEach(({ document }) => this.schedule(document, true))));
  }

  of(config: Uri, dataset: string): SourceLook | undefined {
    return this.open.get(config.toString())?.known.get(dataset)?.look;
  }

  /** @param filesToo whether files may have changed, and not only the text */
  private schedule(document: TextDocument, filesToo = false): void {
    const { uri } = document;
    if (this.engineMissing || !workspace.isTrusted || uri.scheme !== 'file' || !isConfig(uri)) return;
    const config = this.open.get(uri.toString()) ?? { document, known: new Map<string, Known>(), filesToo };
    config.filesToo ||= filesToo;
    this.open.set(uri.toString(), config);
    clearTimeout(config.timer);
    config.timer = setTimeout(() => {
      // One after the other: nobody waits for them, and the engine has other work.
      this.turn = this.turn.then(() => this.lookAt(config)).catch((error: unknown) => this.log.debug(String(error)));
    }, DEBOUNCE_MS);
    // What was asked is of a text that is no more.
    if (!filesToo) config.controller?.abort();
  }

  private forget(uri: Uri): void {
    const config = this.open.get(uri.toString());
    if (config === undefined) return;
    stop(config);
    this.open.delete(uri.toString());
    this.changed.fire(uri);
  }

  private async lookAt(config: Open): Promise<void> {
    const { document, known } = config;
    const { uri } = document;
    if (document.isClosed || this.open.get(uri.toString()) !== config) return;
    const controller = new AbortController();
    const isOver = (): boolean => controller.signal.aborted || this.engineMissing;
    config.controller = controller;
    const { filesToo } = config;
    config.filesToo = false;
    const text = document.getText();
    const parsed = parseConfig(text, uri.fsPath, await userLayer());
    const names = new Set(parsed.drafts.map(({ name }) => name));
    const gone = [...known.keys()].filter((name) => !names.has(name));
    for (const name of gone) known.delete(name);
    if (gone.length > 0) this.changed.fire(uri);
    for (const spec of parsed.drafts) {
      if (isOver()) return;
      const asked = askedOf(spec, parsed);
      const before = known.get(spec.name);
      // What failed fails again until somebody changes something.
      if (before?.asked === asked && !(filesToo && before.look !== undefined)) continue;
      const look = await this.ask(uri, spec.name, text, controller.signal);
      if (isOver()) {
        config.filesToo ||= filesToo;
        return;
      }
      known.set(spec.name, { asked, ...(look && { look }) });
      this.changed.fire(uri);
    }
  }

  private async ask(uri: Uri, dataset: string, text: string, signal: AbortSignal): Promise<SourceLook | undefined> {
    try {
      return await this.engine.look({ configPath: uri.fsPath, dataset, text, ...runOptions(uri) }, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      const code = error instanceof MldataError ? error.code : undefined;
      this.engineMissing = code === 'engine-missing';
      // Of a stopped engine the user is told elsewhere.
      if (code !== ENGINE_STOPPED) this.log.debug(`Looking at the source of ${dataset}: ${String(error)}`);
      return undefined;
    }
  }
}

function askedOf({ name, source, schema, split, transforms }: DatasetSpec, { datasets }: ParsedConfig): string {
  const isSound = datasets.some((dataset) => dataset.name === name);
  return JSON.stringify([source, schema, split, transforms, isSound]);
}

function stop({ timer, controller }: Open): void {
  clearTimeout(timer);
  controller?.abort();
}
