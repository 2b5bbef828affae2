export { dvcAddress, fileAddress, hostOf, type DvcAddress } from './dvcAddress';
export { hubListing } from './hub/resolve';
export { byName, listingSchema, type Listing, type StoreFile, type StoreRun } from './listing';
export type { S3Options } from './s3/account';
export { s3Listing } from './s3/resolve';
export { patternOf } from './pattern';
export { nothingThere, strangeAnswer, wrongAddress } from './troubles';
