/** Entry of the engine process: JSON-RPC on standard input and output, engine calls out. */
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import type {
  DriftProgress,
  ExportProgress,
  ProfileListener,
  Progress,
  PullProgress,
  TrackProgress,
  ValidateProgress,
} from '../protocol';
import {
  acknowledgeAlertsRequest,
  addRemoteRequest,
  alertsRequest,
  buildRequest,
  closeGridRequest,
  credentialsNotification,
  credentialStatusRequest,
  doctorRequest,
  driftHistoryRequest,
  driftProgressNotification,
  driftReportRequest,
  driftRequest,
  exportProgressNotification,
  exportRequest,
  gridCellRequest,
  gridPageRequest,
  gridThumbnailRequest,
  initRequest,
  lookRequest,
  networkNotification,
  peekRequest,
  openGridRequest,
  pairRequest,
  planRequest,
  previewRequest,
  profileProgressNotification,
  profileRequest,
  profileUpdateNotification,
  progressNotification,
  pullProgressNotification,
  pullRequest,
  putBackRequest,
  qualityReportRequest,
  reportRequest,
  schemaDiffRequest,
  schemaHistoryRequest,
  schemaRequest,
  trackingStatusRequest,
  trackProgressNotification,
  trackRequest,
  validateProgressNotification,
  validateRequest,
  versionsRequest,
} from '../protocol/rpc';
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
connection.onRequest(pullRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: PullProgress) => {
      if (leaving.signal.aborted) return;
      connection.sendNotification(pullProgressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.pull(request, onProgress, signal);
  }),
);
connection.onRequest(planRequest, (request, token) => serve(token, (signal) => engine.plan(request, signal)));
connection.onRequest(previewRequest, (request, token) => serve(token, (signal) => engine.preview(request, signal)));
connection.onRequest(initRequest, (request, token) => serve(token, (signal) => engine.init(request, signal)));
connection.onRequest(profileRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const tell = (sent: Promise<void>) => void sent.catch(() => undefined);
    const listener: ProfileListener = {
      onProgress: (progress) => {
        if (!leaving.signal.aborted) tell(connection.sendNotification(profileProgressNotification, { id, progress }));
      },
      onUpdate: (update) => {
        if (!leaving.signal.aborted) tell(connection.sendNotification(profileUpdateNotification, { id, update }));
      },
    };
    return engine.profile(request, listener, signal);
  }),
);
connection.onRequest(validateRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: ValidateProgress) => {
      if (leaving.signal.aborted) return;
      connection.sendNotification(validateProgressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.validate(request, onProgress, signal);
  }),
);
connection.onRequest(putBackRequest, (request, token) => serve(token, (signal) => engine.putBack(request, signal)));
connection.onRequest(driftRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: DriftProgress) => {
      if (leaving.signal.aborted) return;
      connection.sendNotification(driftProgressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.drift(request, onProgress, signal);
  }),
);
connection.onRequest(driftReportRequest, (request, token) => serve(token, () => engine.writeDriftReport(request)));
connection.onRequest(driftHistoryRequest, (request, token) => serve(token, () => engine.driftHistory(request)));
connection.onRequest(versionsRequest, (request, token) => serve(token, () => engine.versions(request)));
connection.onRequest(alertsRequest, (request, token) => serve(token, () => engine.alerts(request)));
connection.onRequest(acknowledgeAlertsRequest, (request, token) =>
  serve(token, () => engine.acknowledgeAlerts(request)),
);
connection.onRequest(reportRequest, (request, token) => serve(token, () => engine.writeReport(request)));
connection.onRequest(qualityReportRequest, (request, token) => serve(token, () => engine.writeQualityReport(request)));
connection.onRequest(schemaRequest, (request, token) => serve(token, (signal) => engine.schema(request, signal)));
connection.onRequest(schemaDiffRequest, (request, token) =>
  serve(token, (signal) => engine.schemaDiff(request, signal)),
);
connection.onRequest(schemaHistoryRequest, (request, token) => serve(token, () => engine.schemaHistory(request)));
connection.onRequest(peekRequest, (request, token) => serve(token, (signal) => engine.peek(request, signal)));
connection.onRequest(lookRequest, (request, token) => serve(token, (signal) => engine.look(request, signal)));
connection.onRequest(pairRequest, (request, token) => serve(token, (signal) => engine.pair(request, signal)));
connection.onRequest(openGridRequest, (request, token) => serve(token, (signal) => engine.openGrid(request, signal)));
connection.onRequest(gridPageRequest, (request, token) => serve(token, (signal) => engine.gridPage(request, signal)));
connection.onRequest(gridCellRequest, (request, token) => serve(token, (signal) => engine.gridCell(request, signal)));
connection.onRequest(gridThumbnailRequest, (request, token) =>
  serve(token, (signal) => engine.gridThumbnail(request, signal)),
);
connection.onRequest(exportRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: ExportProgress) => {
      if (leaving.signal.aborted) return;
      connection.sendNotification(exportProgressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.export(request, onProgress, signal);
  }),
);
connection.onRequest(trackRequest, ({ id, ...request }, token) =>
  serve(token, (signal) => {
    const onProgress = (progress: TrackProgress) => {
      if (leaving.signal.aborted) return;
      connection.sendNotification(trackProgressNotification, { id, progress }).catch(() => undefined);
    };
    return engine.track(request, onProgress, signal);
  }),
);
connection.onRequest(trackingStatusRequest, (request, token) =>
  serve(token, (signal) => engine.trackingStatus(request, signal)),
);
connection.onRequest(doctorRequest, (request, token) => serve(token, (signal) => engine.doctor(request, signal)));
connection.onRequest(credentialStatusRequest, (request, token) =>
  serve(token, (signal) => engine.credentialStatus(request, signal)),
);
connection.onNotification(credentialsNotification, (values) => engine.handCredentials(values));
connection.onNotification(networkNotification, (settings) => engine.useNetwork(settings));
connection.onRequest(addRemoteRequest, (request, token) => serve(token, () => engine.addRemote(request)));
connection.onRequest(closeGridRequest, ({ id }, token) => serve(token, () => engine.closeGrid(id)));

// The editor is gone: stop what runs, clean up, and end.
connection.onClose(() => {
  leaving.abort();
  running++;
  void engine.close().finally(() => running--);
  setInterval(() => running === 0 && process.exit(0), 50);
});
connection.listen();
