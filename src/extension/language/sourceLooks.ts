/** What the engine saw in the sources of the configs that are open, for whoever helps writing them. */
import { EventEmitter, workspace } from 'vscode';
import type { Event, LogOutputChannel, TextDocument, Uri } from 'vscode';
import { parseConfig } from '../../config';
import { MldataError } from '../../protocol';
import type { Engine, SourceLook } from '../../protocol';
import { isConfig } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { userLayer } from '../datasets/userLayer';
import { Disposable } from '../disposable';
import { ENGINE_STOPPED } from '../engineClient';
import { runOptions } from '../settings';
import { KnownLooks, type NoLook } from './knownLooks';

/** What is known of sources; an answer may be of the text of a moment ago. */
export interface SourceLooks {
  /** The config about whose datasets something else is known now. */
  readonly onDidChange: Event<Uri>;
  /** Undefined where the source was not looked at, or could not be read. */
  of(config: Uri, dataset: string): SourceLook | undefined;
}

/** A pause in typing. */
const DEBOUNCE_MS = 400;

/** One config in an editor. */
interface Open {
  readonly document: TextDocument;
  readonly known: KnownLooks;
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
    return this.open.get(config.toString())?.known.of(dataset);
  }

  /** @param filesToo whether files may have changed, and not only the text */
  private schedule(document: TextDocument, filesToo = false): void {
    const { uri } = document;
    if (this.engineMissing || !workspace.isTrusted || uri.scheme !== 'file' || !isConfig(uri)) return;
    const config = this.open.get(uri.toString()) ?? { document, known: new KnownLooks(), filesToo };
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
    const { document } = config;
    if (document.isClosed || this.open.get(document.uri.toString()) !== config) return;
    const { filesToo } = config;
    config.filesToo = false;
    let isWhole = false;
    try {
      isWhole = await this.lookAtAll(config, filesToo);
    } finally {
      // The next time has to see to it.
      if (!isWhole) config.filesToo ||= filesToo;
    }
  }

  /** False where it did not come to an end. */
  private async lookAtAll(config: Open, filesToo: boolean): Promise<boolean> {
    const { document, known } = config;
    const { uri } = document;
    const controller = new AbortController();
    const isOver = (): boolean => controller.signal.aborted || this.engineMissing;
    config.controller = controller;
    const text = document.getText();
    const parsed = parseConfig(text, uri.fsPath, await userLayer());
    if (known.forgetGone(parsed)) this.changed.fire(uri);
    for (const spec of parsed.drafts) {
      if (isOver()) return false;
      if (!known.isDue(spec, parsed, filesToo)) continue;
      const outcome = await this.ask(uri, spec.name, text, controller.signal);
      if (isOver()) return false;
      known.keep(spec, parsed, outcome);
      this.changed.fire(uri);
    }
    // Of a text that is no YAML nothing could be asked.
    return parsed.document.problems.length === 0;
  }

  private async ask(uri: Uri, dataset: string, text: string, signal: AbortSignal): Promise<SourceLook | NoLook> {
    try {
      return await this.engine.look({ configPath: uri.fsPath, dataset, text, ...runOptions(uri) }, signal);
    } catch (error) {
      if (signal.aborted) return 'failed';
      const code = error instanceof MldataError ? error.code : undefined;
      this.engineMissing = code === 'engine-missing';
      // Of a stopped engine the user is told elsewhere.
      if (code === ENGINE_STOPPED) return 'stopped';
      this.log.debug(`Looking at the source of ${dataset}: ${String(error)}`);
      return 'failed';
    }
  }
}

function stop({ timer, controller }: Open): void {
  clearTimeout(timer);
  controller?.abort();
}
