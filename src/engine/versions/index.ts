export { VersionsFile } from './file';
export { livePins, pinned } from './pins';
export { knownOf, placeOf, placesOf, splitReference, storeOf, type Known, type VersionPlace } from './place';
export { bytesMissing, missingFiles, resolved, resolveVersion, someOf, type ResolvedVersion } from './resolve';
export { idOf, previousOf, tagged, tagsOf, standingMoves } from './names';
export { noteVersion, type Noted, type StandingVersion } from './record';
export { reportOf } from './report';
export { collect } from './retention';
export { share } from './share';
