/** How servers are connected to: what comes over a plain connection is read in as large pieces as the system has. */
import type { OnReadOpts, Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Node's own way is to allocate, and to leave to be collected, 64 KB for each piece. */
const PAGE_BYTES = 2 ** 20;
/** For less room than that no piece is read. */
const LEAST_BYTES = 2 ** 16;

export function connector(options: buildConnector.BuildOptions): buildConnector.connector {
  const secure = buildConnector(options);
  return (to, done) => {
    if (to.protocol === 'https:') {
      secure(to, done);
      return;
    }
    let socket: Socket | undefined;
    const onread = inLargePieces((bytes) => socket?.push(bytes) ?? false);
    const plain = buildConnector({ ...options, onread });
    // It is connected before anything comes.
    plain(to, (...[error, connected]) => {
      if (error) {
        done(error, null);
        return;
      }
      socket = connected;
      done(null, connected);
    });
  };
}

/** One piece after another of a page that nothing is read into twice, so that each stays what it is for whoever keeps it. */
function inLargePieces(push: (bytes: Uint8Array) => boolean): OnReadOpts {
  let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
  return {
    buffer: () => {
      if (page.length < LEAST_BYTES) page = Buffer.allocUnsafeSlow(PAGE_BYTES);
      return page;
    },
    callback: (length, read) => {
      page = page.subarray(length);
      return push(read.subarray(0, length));
    },
  };
}
