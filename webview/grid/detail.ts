/** One value in full, beside the grid. */
import * as l10n from '@vscode/l10n';
import type { GridColumn } from '../../src/protocol';
import { element } from '../shared/dom';
import { canvasOf, imageOf, messageOf } from '../shared/grid/thumbnails';
import { shownValue, visibleLines } from '../shared/grid/values';
import { visible } from '../shared/text';
import { button } from '../shared/toolkit';
import type { Questions } from './questions';

interface CellAt {
  /** Position in the data. */
  readonly row: number;
  readonly column: number;
}

/** Moving on over many cells asks for the last of them only. */
const SETTLED_MS = 120;

export class Detail {
  readonly element = element('aside', { class: 'detail', 'aria-label': l10n.t('Value') });
  private shown: CellAt | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly questions: Questions,
    private readonly copy: (text: string) => void,
    private readonly onClose: () => void,
  ) {
    this.element.hidden = true;
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(cell: CellAt, columns: readonly GridColumn[]): void {
    this.element.hidden = false;
    this.shown = undefined;
    void this.show(cell, columns);
  }

  /** Shows the cell that the keyboard went to, where it is open. */
  follow(cell: CellAt | undefined, columns: readonly GridColumn[]): void {
    if (!this.isOpen || cell === undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.show(cell, columns), SETTLED_MS);
  }

  close(): void {
    this.element.hidden = true;
    this.onClose();
  }

  private async show(at: CellAt, columns: readonly GridColumn[]): Promise<void> {
    const column = columns[at.column];
    if (column === undefined || (this.shown?.row === at.row && this.shown.column === at.column)) return;
    this.shown = at;
    const isCurrent = (): boolean => this.shown === at;
    const content = element('div', { class: 'value', tabindex: '0', role: 'region', 'aria-label': l10n.t('Text') });
    let whole = '';
    this.element.replaceChildren(
      element('div', { class: 'detail-head' }, [
        element('h2', {}, [element('bdi', {}, [visible(column.name)])]),
        element('p', { class: 'dim' }, [
          l10n.t('row {0}', (at.row + 1).toLocaleString(document.documentElement.lang)),
          ` · ${column.physicalType}`,
        ]),
        element('div', { class: 'actions' }, [
          button({ text: l10n.t('Copy Value'), icon: 'copy', onClick: () => this.copy(whole) }),
          button({ text: l10n.t('Close'), icon: 'close', onClick: () => this.close() }),
        ]),
      ]),
      content,
    );
    try {
      const { text, cut } = await this.questions.cell(at);
      if (!isCurrent()) return;
      whole = text ?? '';
      const isNested = column.type === 'object' || column.type === 'array';
      const { kind, text: short } = shownValue(text, column.type === 'number');
      const says = kind === 'value' ? visibleLines(text ?? '', isNested) : short;
      content.append(element('pre', { class: kind }, [says]));
      if (cut) content.append(element('p', { class: 'dim' }, [l10n.t('Only the first million characters are shown.')]));
      if (column.image && text !== null) await this.picture(at, content, isCurrent);
    } catch (error) {
      if (isCurrent()) content.append(element('p', { class: 'dim' }, [messageOf(error)]));
    }
  }

  private async picture(at: CellAt, content: HTMLElement, isCurrent: () => boolean): Promise<void> {
    const { png, message } = await this.questions.thumbnail(at);
    const drawn = png === undefined ? element('p', { class: 'dim' }, [message]) : canvasOf(await imageOf(png), 256);
    drawn.setAttribute('role', png === undefined ? 'note' : 'img');
    if (png !== undefined) drawn.setAttribute('aria-label', l10n.t('Image'));
    if (isCurrent()) content.append(drawn);
  }
}
