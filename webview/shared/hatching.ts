/** The stripes for what is missing: a pattern that every drawing of the page can name. */
import { svgElement } from './svg';

export function hatching(): SVGElement {
  const stripe = svgElement('path', { d: 'M-1 5L5 -1M0 8L8 0M3 9L9 3', class: 'stripe' });
  const pattern = svgElement('pattern', { id: 'hatch', width: '8', height: '8', patternUnits: 'userSpaceOnUse' }, [
    stripe,
  ]);
  const definitions = svgElement('defs', {}, [pattern]);
  return svgElement('svg', { class: 'defs', width: '0', height: '0', 'aria-hidden': 'true' }, [definitions]);
}
