export { BROKEN, inputsOf, KEPT, stage, STAGE, type Stage, type StagedFile } from './stage';
