export { distinctText, keyFigures, shapeOf, type KeyFigure } from './keyFigures';
export { profileMarkdown } from './markdown';
export { numbersFor, type Numbers } from './numbers';
export { sparkline } from './sparkline';
export { facts, scope, verdict } from './summary';
export { writeReport } from './writeReport';
