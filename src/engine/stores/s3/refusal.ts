/** What S3 says when it does not give what was asked for. Its own words may repeat keys and signatures: they are not passed on. */
import { MldataError } from '../../../protocol';
import type { Reply } from '../../fetch';
import { strangeAnswer } from '../troubles';
import type { S3Account } from './account';
import { childText, documentOf } from './xml';

const REASONS: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'it does not know the access key',
  SignatureDoesNotMatch: 'the secret key does not belong to the access key',
  ExpiredToken: 'the session has expired. Sign in again',
  TokenRefreshRequired: 'the session has expired. Sign in again',
  InvalidToken: 'the session token is not valid. Sign in again',
  RequestTimeTooSkewed: "this machine's clock is wrong. Set it",
};

export function codeOf({ text }: Pick<Reply, 'text'>): string | undefined {
  const error = documentOf(text);
  return error?.name === 'Error' ? childText(error, 'Code') : undefined;
}

export function refusal(uri: string, reply: Reply, { keys, keysFrom }: S3Account): MldataError {
  const { status } = reply;
  const code = codeOf(reply) ?? '';
  if (code === 'NoSuchBucket') return missing(uri, 'there is no such bucket');
  if (status === 404) return missing(uri, 'there is no such object, or this account may not list the bucket');
  if (status === 401 || status === 403 || code in REASONS) {
    const why = REASONS[code] ?? (keys ? 'this account may not read it' : 'it is not public');
    const advice =
      keys || code in REASONS
        ? ''
        : ' Set the keys of an account that may read it (`aws configure`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).';
    return new MldataError(
      'authentication',
      'store-refused',
      `The server refuses ${uri} (${status}${code === '' ? '' : ` ${code}`}): ${why}; ${keysFrom}.${advice}`,
    );
  }
  return strangeAnswer(uri, `the server answered ${status}${code === '' ? '' : ` ${code}`}`);
}

function missing(uri: string, why: string): MldataError {
  return new MldataError('network', 'store-missing', `${uri} is not there: ${why}. Correct its address.`);
}
