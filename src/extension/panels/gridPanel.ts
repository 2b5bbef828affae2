/** Data grids: one panel per dataset or file; the engine keeps the rows open for as long as the panel is. */
import { env, l10n, Uri } from 'vscode';
import type { LogOutputChannel, WebviewPanel } from 'vscode';
import { MldataError } from '../../protocol';
import type { Engine, FromGridPage, GridError, GridPanelState, OpenedGrid, ShowData, ToGridPage } from '../../protocol';
import { pickData } from '../commands/dataSubject';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import { ENGINE_STOPPED } from '../engineClient';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { marksOf } from './gridMarks';
import { PagePanel } from './pagePanel';
import { PanelSet, type Opening } from './panelSet';

const VIEW_TYPE = 'mldata.grid';

/** An engine that stops again within this time is not started for the same question once more. */
const RESTART_MS = 10_000;

export interface GridTools {
  readonly extension: Uri;
  readonly engine: Pick<Engine, 'openGrid' | 'gridPage' | 'gridCell' | 'gridThumbnail' | 'closeGrid'>;
  readonly store: DatasetStore;
  readonly validations: Validations;
  readonly log: LogOutputChannel;
}

export class GridPanels extends Disposable {
  private readonly panels: PanelSet<GridPanel, GridPanelState>;

  constructor(private readonly tools: GridTools) {
    super();
    this.panels = this._register(
      new PanelSet(VIEW_TYPE, tools.extension, ({ show }) => show && this.opening(show, true)),
    );
  }

  /** Shows the rows of what the command was called on, else of what the user picks. */
  async open(argument: unknown): Promise<void> {
    const subject: ShowData | undefined = await pickData(this.tools.store, argument, l10n.t('Which data to show?'));
    if (subject === undefined) return;
    const { request, title, view, row } = subject;
    requireEngineAllowed(Uri.file(request.folder));
    const marks = subject.marks ?? marksOf(request, this.tools.store, this.tools.validations);
    const show = {
      request,
      title,
      ...(view && { view }),
      ...(row !== undefined && { row }),
      ...(marks.length > 0 && { marks }),
    };
    const opening = this.opening(show, false);
    const known = this.panels.find(opening.key);
    if (known === undefined) this.panels.open(opening);
    else known.show(show);
  }

  private opening(show: ShowData, restored: boolean): Opening<GridPanel> {
    return { key: keyOf(show), make: (panel) => new GridPanel(panel, this.tools, show, restored) };
  }
}

/** The same rows, whatever is shown of them. */
function keyOf({ request: { configPath, target, folder, source, split } }: ShowData): string {
  return JSON.stringify([configPath, target, folder, source, split]);
}

class GridPanel extends PagePanel<FromGridPage, ToGridPage> {
  private opening: Promise<OpenedGrid> | undefined;
  private reopenedAt = -Infinity;
  private readonly leaving = new AbortController();
  private readonly asked = new Map<number, AbortController>();

  /** @param kept whether the page knows better what is shown, from before */
  constructor(
    panel: WebviewPanel,
    private readonly tools: GridTools,
    private current: ShowData,
    private kept: boolean,
  ) {
    const { extension } = tools;
    super(panel, { extension, page: 'grid', title: l10n.t('{0}: Data', current.title), icon: 'data' });
    this._register({ dispose: () => this.leave() });
  }

  show(show: ShowData): void {
    const hasView = show.view !== undefined || show.marks !== undefined || show.row !== undefined;
    if (hasView) this.current = show;
    this.reveal();
    if (!hasView) return;
    this.kept = false;
    if (this.isVisible) this.post({ type: 'show', show });
  }

  protected start(): Promise<void> {
    this.cancelAll();
    return this.open();
  }

  protected async receive(message: Exclude<FromGridPage, { type: 'ready' }>): Promise<void> {
    switch (message.type) {
      case 'refresh':
        await this.close();
        return this.open();
      case 'showLog':
        this.tools.log.show();
        return;
      case 'copy':
        await env.clipboard.writeText(message.text);
        return;
      case 'cancel':
        this.asked.get(message.key)?.abort();
        return;
      case 'page':
      case 'cell':
      case 'thumbnail':
        return this.answer(message);
    }
  }

  /** Shows what is open, or opens it. */
  private async open(): Promise<void> {
    const { current: show, kept } = this;
    const state = { show, layout: { widths: {}, pinned: [], hidden: [] } };
    this.post({ type: 'opening', state, kept, locale: env.language, ...(l10n.bundle && { words: l10n.bundle }) });
    this.kept = true;
    try {
      const { rows, columns, findings } = await this.rows();
      this.post({ type: 'opened', rows, columns, notes: findings.map(({ message }) => message) });
    } catch (error) {
      const failed = this.errorOf(error);
      if (failed.code !== 'cancelled') this.post({ type: 'failed', error: failed });
    }
  }

  /** Limits and permissions are those of now, wherever the request comes from. */
  private rows(): Promise<OpenedGrid> {
    if (this.opening) return this.opening;
    const { configPath, target, folder, source, split } = this.current.request;
    const at = Uri.file(configPath ?? folder);
    const request = {
      target,
      folder,
      ...(configPath !== undefined && { configPath }),
      ...(source !== undefined && { source }),
      ...(split !== undefined && { split }),
      ...runOptions(at),
    };
    const open = async (): Promise<OpenedGrid> => {
      requireEngineAllowed(at);
      return this.tools.engine.openGrid(request, this.leaving.signal);
    };
    const opening = open();
    this.opening = opening;
    opening.catch(() => {
      if (this.opening === opening) this.opening = undefined;
    });
    return opening;
  }

  private async answer(
    message: Extract<FromGridPage, { readonly type: 'page' | 'cell' | 'thumbnail' }>,
  ): Promise<void> {
    const { key } = message;
    const controller = new AbortController();
    this.asked.set(key, controller);
    const signal = AbortSignal.any([controller.signal, this.leaving.signal]);
    try {
      const answer = await this.ask(message, signal);
      if (!signal.aborted) this.post(answer);
    } catch (error) {
      if (signal.aborted) return;
      const refused = this.errorOf(error);
      const isGone = refused.code === ENGINE_STOPPED || refused.code === 'grid-closed';
      if (!isGone || !this.reopens()) this.post({ type: 'refused', key, error: refused });
    } finally {
      this.asked.delete(key);
    }
  }

  private async ask(
    message: Extract<FromGridPage, { readonly type: 'page' | 'cell' | 'thumbnail' }>,
    signal: AbortSignal,
  ): Promise<ToGridPage> {
    const { engine } = this.tools;
    const { key } = message;
    const { id } = await this.rows();
    switch (message.type) {
      case 'page': {
        const { arrow, ...page } = await engine.gridPage({ ...message.request, id }, signal);
        const bytes = new Uint8Array(Buffer.from(arrow, 'base64'));
        return { type: 'page', key, page: { ...page, arrow: bytes } };
      }
      case 'cell':
        return { type: 'cell', key, cell: await engine.gridCell({ ...message.request, id }, signal) };
      case 'thumbnail':
        return { type: 'thumbnail', key, thumbnail: await engine.gridThumbnail({ ...message.request, id }, signal) };
    }
  }

  /**
   * The engine has started anew, without the rows: they are opened again by themselves, and what was asked of the page is
   * asked again by it. False where that has been tried just now.
   */
  private reopens(): boolean {
    const now = performance.now();
    this.opening = undefined;
    if (now - this.reopenedAt < RESTART_MS) return false;
    this.reopenedAt = now;
    this.cancelAll();
    void this.open();
    return true;
  }

  private async close(): Promise<void> {
    this.cancelAll();
    const opening = this.opening;
    this.opening = undefined;
    const opened = await opening?.catch(() => undefined);
    // An engine that is gone has closed everything.
    if (opened) await this.tools.engine.closeGrid(opened.id).catch(() => undefined);
  }

  private leave(): void {
    void this.close();
    this.leaving.abort();
  }

  private cancelAll(): void {
    for (const controller of this.asked.values()) controller.abort();
    this.asked.clear();
  }

  private errorOf(error: unknown): GridError {
    const known = error instanceof MldataError ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const code = known?.kind === 'cancelled' ? 'cancelled' : (known?.code ?? 'defect');
    if (code !== 'cancelled' && code !== 'filter-invalid') {
      this.tools.log.error(`${this.current.title}: ${code}: ${message}`);
    }
    return { code, message };
  }
}
