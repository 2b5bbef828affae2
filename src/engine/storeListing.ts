/** Which files an address of any store means, and what it takes to fetch them. */
import type { DvcPlace } from './dvcCheckout';
import { dvcListing } from './dvcStore';
import type { Credentials } from './fetch';
import { hubListing, s3Listing, wrongAddress, type Listing, type S3Options, type StoreRun } from './stores';

export interface StoreRequest {
  readonly uri: string;
  readonly s3?: S3Options;
  /** For repositories: what relative paths are relative to and do not leave, and what may be asked. */
  readonly place: Omit<DvcPlace, 'signal'>;
}

export interface Listed {
  readonly listing: Listing;
  /** For fetching the files of the listing. */
  readonly credentials: Credentials;
}

/** Throws what {@link s3Listing}, {@link hubListing} and {@link dvcListing} do. */
export async function listStore({ uri, s3 = {}, place }: StoreRequest, run: StoreRun): Promise<Listed> {
  switch (uri.slice(0, uri.indexOf(':')).toLowerCase()) {
    case 's3':
      return s3Listing(uri, s3, run);
    case 'hf':
      return hubListing(uri, run);
    case 'dvc':
      return { listing: await dvcListing(uri, place, run), credentials: {} };
    default:
      throw wrongAddress(uri, 'it is of no store', 'an address that begins with hf://, s3:// or dvc://');
  }
}
