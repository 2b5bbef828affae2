/** Entry of the engine process: JSON-RPC on standard input and output, engine calls out. */
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { buildRequest, initRequest, planRequest, progressNotification } from '../protocol/rpc';
import { LocalEngine } from './engine';
import { answer } from './rpc';

const engine = new LocalEngine();
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const running = new Set<AbortController>();

connection.onRequest(buildRequest, ({ id, ...request }, token) =>
  answer(token, async (signal) => {
    const controller = new AbortController();
    running.add(controller);
    try {
      return await engine.build(
        request,
        (progress) => void connection.sendNotification(progressNotification, { id, progress }),
        AbortSignal.any([signal, controller.signal]),
      );
    } finally {
      running.delete(controller);
    }
  }),
);
connection.onRequest(planRequest, (request, token) => answer(token, () => engine.plan(request)));
connection.onRequest(initRequest, (request, token) => answer(token, (signal) => engine.init(request, signal)));

// The editor is gone: stop what runs, clean up, and end.
connection.onClose(() => {
  for (const controller of running) controller.abort();
  setInterval(() => running.size === 0 && process.exit(0), 50);
});
connection.listen();
