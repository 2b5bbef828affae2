export { pairOfRows, type PairJob } from './pairOfRows';
export { profileRows, type ProfileJob } from './profile';
