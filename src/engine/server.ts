/** Entry of the engine process: JSON-RPC on standard input and output, engine calls out. */
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import type { Progress } from '../protocol';
import { buildRequest, initRequest, planRequest, progressNotification } from '../protocol/rpc';
import { LocalEngine } from './engine';
import { answer } from './rpc';

const engine = new LocalEngine();
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
/** Aborted once the editor is gone. */
const leaving = new AbortController();
let running = 0;

/** Answers a request, and counts it: the process does not leave before everything is cleaned up. */
function serve<T>(token: CancellationToken, work: (signal: AbortSignal) => Promise<T>) {
  return answer(token, async (signal) => {
    running++;
    try {
      return await work(AbortSignal.any([signal, leaving.signal]));
    } finally {
      running--;
    }
  });
}

connection.onRequest(buildRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: Progress) => {
      if (leaving.signal.aborted) return;
      // That the editor is going away is told by `onClose`.
      connection.sendNotification(progressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.build(request, onProgress, signal);
  }),
);
connection.onRequest(planRequest, (request, token) => serve(token, (signal) => engine.plan(request, signal)));
connection.onRequest(initRequest, (request, token) => serve(token, (signal) => engine.init(request, signal)));

// The editor is gone: stop what runs, clean up, and end.
connection.onClose(() => {
  leaving.abort();
  setInterval(() => running === 0 && process.exit(0), 50);
});
connection.listen();
