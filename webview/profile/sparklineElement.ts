/** The small drawing of a column, as an element. */
import type { ProfileColumn } from '../../src/protocol';
import { svgElement } from '../shared/svg';
import { HEIGHT, missingWidth, sparkline, sparklinePath, WIDTH } from './sparkline';

export function sparklineElement(column: ProfileColumn): SVGElement {
  const spark = sparkline(column);
  const svg = svgElement('svg', { width: `${WIDTH}`, height: `${HEIGHT}`, class: 'sparkline', 'aria-hidden': 'true' });
  const missing = missingWidth(spark.missing);
  if (missing > 0) {
    svg.append(svgElement('rect', { x: '0', y: '0', width: `${missing - 1}`, height: `${HEIGHT}`, class: 'hatched' }));
  }
  svg.append(svgElement('path', { d: sparklinePath(spark) }));
  return svg;
}
