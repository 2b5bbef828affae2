/** What an interface of a server answers: short, read into memory, and judged by whoever asked. */
import { checkAddress, shown } from './address';
import { ask, bodyOf, type Credentials, type Opened } from './asking';
import { retryAfterMs } from './backoff';
import { sizeOf } from './client';
import type { DownloadMeans, Watch } from './download';
import { Fault } from './faults';
import { retried } from './retried';
import { RETRIED } from './verdict';

export interface ReplyRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: Credentials;
  /** What is posted; absent: the address is read. An answer that leads elsewhere is then given as it came. */
  readonly body?: string;
  /** What logs and errors call it; absent: its address without parameters. */
  readonly name?: string;
}

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
  /** False: there was more than is read. */
  readonly whole: boolean;
}

/** A page of a thousand long names is a tenth of that. */
const MOST_BYTES = 16 * 2 ** 20;

/**
 * Tries again where that may help; any other answer is given as it came, refusals too. Throws `download-failed` when the
 * tries are used up, `cancelled`, and what {@link ask} throws.
 */
export async function readReply(
  { url, headers = {}, credentials = {}, body, name = shown(url) }: ReplyRequest,
  means: DownloadMeans,
  watch: Pick<Watch, 'log' | 'signal'>,
): Promise<Reply> {
  checkAddress(url, true);
  return retried(name, body === undefined ? 'read' : 'told', means, watch, async () =>
    replyOf(await ask({ url, headers, credentials, body }, means, watch.signal), means.timing.idleMs),
  );
}

async function replyOf(opened: Opened, idleMs: number): Promise<Reply> {
  const { answer } = opened;
  const { status, header } = answer;
  const chunks: Uint8Array[] = [];
  let [bytes, whole] = [0, true];
  try {
    if (RETRIED.has(status)) {
      const afterMs = retryAfterMs(header('retry-after'), Date.now());
      throw new Fault(`the server answered ${status}`, { ofHost: false, ...(afterMs !== undefined && { afterMs }) });
    }
    for await (const some of bodyOf(opened, idleMs)) {
      chunks.push(...some);
      bytes += sizeOf(some);
      if (bytes > MOST_BYTES) {
        whole = false;
        break;
      }
    }
  } finally {
    answer.discard();
  }
  return { status, header, text: Buffer.concat(chunks).toString(), whole };
}
