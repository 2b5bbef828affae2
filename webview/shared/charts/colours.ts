/** Colours that are variables of the theme, as the colours they are now. */

/** The same document with each variable in place; stripes become their plain colour. */
export function concrete<T>(document: T): T {
  const known = new Map<string, string>();
  const text = JSON.stringify(document, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    const asked = value === 'url(#hatch)' ? 'var(--chart-dim)' : value;
    if (!/^var\(--[\w-]+\)$/.test(asked)) return value;
    const found = known.get(asked) ?? (asked.includes('font-family') ? fontOf(asked) : colourOf(asked));
    known.set(asked, found);
    return found;
  });
  return JSON.parse(text) as T;
}

function fontOf(variable: string): string {
  const name = variable.slice('var('.length, -1);
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** As `#rrggbb` or `rgba(…)`, which every reader of SVG knows. */
function colourOf(variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = variable;
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return computed;
  context.fillStyle = computed;
  return context.fillStyle;
}
