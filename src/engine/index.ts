export { LocalEngine } from './engine';
export { mermaid } from './lineage';
export { memoryBytes } from './limits';
export {
  distinctText,
  facts,
  keyFigures,
  gateWords,
  numbersFor,
  qualityReportEndings,
  qualityScope,
  qualityVerdict,
  scope,
  verdict,
  type Numbers,
} from './report';
export { documentHead, TOOL } from './version';
export { splitReference } from './versions';
export { changeConfig, type ConfigChange } from './changeConfig';
export { effectiveConfig, effectiveValue, type EffectiveRequest } from './effectiveConfig';
export { readConfig } from './readConfig';
export { readUserConfig, userFile } from './userLayer';
