/** An HTTP server of this machine that takes messages as webhooks do, on good days and on bad ones. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request is answered with; without one, that all is well. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'stall'
  | 'drop';

export interface Message {
  readonly method: string;
  /** As it was asked for: by a proxy, the whole address. */
  readonly path: string;
  readonly type: string | undefined;
  readonly body: string;
  readonly at: number;
}

export class WebhookServer {
  readonly messages: Message[] = [];
  /** What the next requests are answered with. */
  readonly answers: Answer[] = [];

  private constructor(
    readonly origin: string,
    readonly stop: () => void,
  ) {}

  static async start(): Promise<WebhookServer> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        self.messages.push({ method, path: url, type: headers['content-type'], body, at: Date.now() });
        give(response, self.answers.shift() ?? { status: 200, body: 'ok' });
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const self = new WebhookServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => {
      server.closeAllConnections();
      server.close();
    });
    return self;
  }

  clear(): void {
    this.messages.length = 0;
    this.answers.length = 0;
  }
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer === 'stall') return;
  if (answer === 'drop') response.destroy();
  else response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
}
