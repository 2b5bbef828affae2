/** DVC, written without DVC: `.dvc` files, cache and `.gitignore` as `dvc add` leaves them. */
export { addToDvc } from './add';
export { addWithDvc } from './addWithDvc';
export { cachedFiles } from './cached';
export { dvcToUse, findDvcProgram, type DvcProgram } from './command';
export { prepareLook } from './content';
export { dvcConfigFiles, pathSetting, readDvcConfig, type DvcConfig, type DvcLevel, type DvcSetting } from './config';
export { parseDvcFile, readDvcFile, type DvcFile, type DvcOut, type OutHash } from './dvcFile';
export { factsOf } from './hashes';
export { editIni, readIni, type IniEntry } from './ini';
export { findDvc, initDvc, linkTypes, type DvcRepository, type LinkType } from './repository';
