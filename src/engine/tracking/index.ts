export { addRemote } from './dvc/remotes';
export {
  addToDvc,
  addWithDvc,
  dvcToUse,
  findDvc,
  findDvcProgram,
  initDvc,
  type DvcProgram,
  type DvcRepository,
} from './dvc';
export { diffText } from './diffText';
export { findGit, gitFolder, initGit, type GitRepository } from './git';
export { trackWithLfs } from './lfs';
export { leaveStage, stageOf, type StagePlace, writeStage } from './pipeline';
export type { Tracked, TrackedBuild, TrackRun, TrackSite } from './site';
export { trackingStatus } from './status/trackingStatus';
export { siteOfBuild, sitesOf, type NamedSite } from './sites';
