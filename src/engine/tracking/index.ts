export { addRemote } from './dvc/remotes';
export {
  addToDvc,
  addWithDvc,
  cachedFiles,
  dvcToUse,
  findDvc,
  findDvcProgram,
  initDvc,
  pathSetting,
  prepareLook,
  type DvcOut,
  type DvcProgram,
  type DvcRepository,
} from './dvc';
export { addUp } from './addUp';
export { earlierContents } from './committed';
export { replaceText } from './change';
export { diffText } from './diffText';
export { ask as askGit, findGit, gitFolder, gitVersion, initGit, type GitRepository } from './git';
export { lfsProgram, refuseLfs, trackWithLfs } from './lfs';
export {
  leaveStage,
  METRICS_FILE,
  metricsTexts,
  type OwnedSite,
  ownersOf,
  stageBehind,
  type StagePlace,
  writeStage,
} from './pipeline';
export { runProgram } from './program';
export type { Tracked, TrackedBuild, TrackRun, TrackSite } from './site';
export { trackedByDvc } from './status/trackedOuts';
export { trackingStatus } from './status/trackingStatus';
export { siteOfBuild, sitesOf, type NamedSite } from './sites';
