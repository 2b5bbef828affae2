export { LocalEngine } from './engine';
export { mermaid } from './lineage';
export { memoryBytes } from './limits';
export {
  distinctText,
  facts,
  keyFigures,
  numbersFor,
  scope,
  shapeOf,
  sparkline,
  verdict,
  type Numbers,
} from './report';
export { documentHead, TOOL } from './version';
export { splitReference } from './versions';
export { changeConfig, type ConfigChange } from './changeConfig';
export { effectiveConfig, effectiveValue, type EffectiveRequest } from './effectiveConfig';
export { userFile } from './userLayer';
