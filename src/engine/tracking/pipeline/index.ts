/** A dataset as a stage of a DVC pipeline: `dvc.yaml` says how it is made, and `dvc repro` makes it. */
export { stageBehind } from './beside';
export { leaveStage } from './leave';
export { metricsTexts, METRICS_FILE } from './metrics';
export { ownersOf, type OwnedSite, type StagePlace } from './owners';
export { writeStage } from './write';
