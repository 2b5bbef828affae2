/** A dataset as a stage of a DVC pipeline: `dvc.yaml` says how it is made, and `dvc repro` makes it. */
export { writeStage } from './write';
