export { redact, redacted } from './credentials';
export { LocalEngine } from './engine';
export { mermaid } from './lineage';
export {
  distinctText,
  driftReportEndings,
  driftVerdict,
  facts,
  keyFigures,
  levelsText,
  measureNames,
  gateWords,
  numbersFor,
  qualityReportEndings,
  qualityScope,
  qualityVerdict,
  scope,
  sideFacts,
  verdict,
  type Numbers,
} from './report';
export { documentHead, TOOL } from './version';
export { splitReference } from './versions';
export { changeConfig, writeConfig, type ConfigChange } from './changeConfig';
export { effectiveConfig, effectiveValue, type EffectiveRequest } from './effectiveConfig';
export { readConfig } from './readConfig';
export { diffText, findGit } from './tracking';
export { readUserConfig, textOf, userFile } from './userLayer';
