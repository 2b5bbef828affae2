/**
 * A page made of parts, each drawn again only when what it says changes: what is selected, opened or announced in the
 * others stays. The keyboard stays with its control, told by `data-key`, when the control is drawn again or cannot be
 * used for a while.
 */

export interface Part {
  readonly name: string;
  /** Everything that the part is drawn from. */
  readonly says: unknown;
  draw(): HTMLElement;
}

interface Drawn {
  readonly text: string;
  readonly element: HTMLElement;
}

export class Parts {
  private drawn: ReadonlyMap<string, Drawn> = new Map();
  private focused: string | undefined;

  constructor(private readonly root: HTMLElement) {
    root.addEventListener('focusin', ({ target }) => {
      const control = target instanceof Element ? target.closest('[data-key]') : null;
      this.focused = control?.getAttribute('data-key') ?? undefined;
    });
    // Whoever points elsewhere has left the control; removing it from the page does not count as leaving it.
    document.addEventListener('pointerdown', () => (this.focused = undefined), true);
  }

  show(parts: readonly Part[]): void {
    const focused = this.focused;
    this.drawn = new Map(parts.map((part) => [part.name, draw(part, this.drawn.get(part.name))]));
    const elements = [...this.drawn.values()].map(({ element }) => element);
    for (const child of [...this.root.children]) {
      if (!elements.some((element) => element === child)) child.remove();
    }
    // Those that stay are in order: none of them is moved, which would take the focus from it.
    elements.forEach((element, index) => {
      const there = this.root.children[index];
      if (there !== element) this.root.insertBefore(element, there ?? null);
    });
    this.focused = focused;
    if (focused === undefined || !document.hasFocus() || document.activeElement !== document.body) return;
    this.root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}

function draw(part: Part, before: Drawn | undefined): Drawn {
  const text = JSON.stringify(part.says);
  if (before?.text === text) return before;
  const element = part.draw();
  const opened = before === undefined ? [] : [...before.element.querySelectorAll('details')].map(({ open }) => open);
  element.querySelectorAll('details').forEach((details, index) => (details.open = opened[index] ?? details.open));
  return { text, element };
}
