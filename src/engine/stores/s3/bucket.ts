/** A bucket that is asked as one account, in the region that it turns out to be in. */
import type { Credentials, Reply } from '../../fetch';
import type { StoreRun } from '../listing';
import { isRegion, type S3Account } from './account';
import type { S3Address, S3Place } from './address';
import { codeOf, refusal } from './refusal';
import { signatures } from './signing';
import { childText, documentOf } from './xml';

export class Bucket {
  private region: string;

  constructor(
    private readonly address: S3Address,
    private readonly account: S3Account,
    private readonly run: StoreRun,
  ) {
    this.region = account.region;
  }

  get place(): S3Place {
    const { endpoint } = this.account;
    return { region: this.region, ...(endpoint && { endpoint }) };
  }

  get credentials(): Credentials {
    return signatures(this.account, this.region);
  }

  /**
   * Asks again where the bucket is elsewhere. Throws `store-refused`, `store-missing`, `store-answer`, and what a reply
   * takes.
   * @param allowed answers beside those of success that are none of a refusal
   */
  async ask(
    urlAt: (place: S3Place, bucket: string) => URL,
    headers: Readonly<Record<string, string>> = {},
    allowed: readonly number[] = [],
  ): Promise<Reply> {
    const { uri, bucket } = this.address;
    const { downloader, watch } = this.run;
    for (const last of [false, true]) {
      const url = urlAt(this.place, bucket);
      const reply = await downloader.read({ url, headers, credentials: this.credentials }, watch);
      if ((reply.status >= 200 && reply.status < 300) || allowed.includes(reply.status)) return reply;
      const region = elsewhere(reply);
      if (last || region === undefined || region === this.region) throw refusal(uri, reply, this.account);
      watch.log(`${uri}: the bucket is in ${region}`);
      this.region = region;
    }
    throw new Error('a bucket is asked twice at most');
  }
}

/** The region that a server names where it was asked in a wrong one. */
function elsewhere(reply: Reply): string | undefined {
  const isWrong = [301, 307, 400].includes(reply.status) || codeOf(reply) === 'AuthorizationHeaderMalformed';
  if (!isWrong) return undefined;
  const error = documentOf(reply.text);
  const region = reply.header('x-amz-bucket-region') ?? (error && childText(error, 'Region'));
  return region !== undefined && isRegion(region) ? region : undefined;
}
