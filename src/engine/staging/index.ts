export { evenly } from './evenly';
export {
  CELLS,
  complaint,
  describeMisfits,
  locate,
  recordsOf,
  shifts,
  type MisfitContext,
  type Place,
} from './misfits';
export { isReadersComplaint } from './readOne';
export { BROKEN, inputsOf, KEPT, stage, STAGE, type Guess, type Stage, type StagedFile } from './stage';
