/** Building elements. Text only ever becomes text nodes, so nothing from a file is taken for markup. */

export type Child = Node | string | undefined;

export function element(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly Child[] = [],
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A codicon; its meaning stands in the text beside it. */
export function icon(name: string): HTMLElement {
  return element('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

/** A button that reads as a link: it goes somewhere. `key` tells it from every other control of the page. */
export function link(text: string, key: string, onClick: () => void, title?: string): HTMLElement {
  const made = element('button', { class: 'link', type: 'button', title, 'data-key': key }, [text]);
  made.addEventListener('click', onClick);
  return made;
}

/** A sentence in which what stands between backticks is code. */
export function prose(text: string): Child[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : element('code', {}, [part])));
}

/** A part of a page under its heading. */
export function section(title: string, content: readonly Child[]): HTMLElement {
  return element('section', {}, [element('h2', {}, [title]), ...content]);
}
