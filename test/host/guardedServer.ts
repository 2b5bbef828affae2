/** An HTTP server of this machine behind which everything needs a token, and a part of the API of Hugging Face. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GuardedServer {
  readonly origin: string;
  /** What was asked for, with the tokens that came. */
  readonly asked: readonly string[];
  stop(): void;
}

/** `/open`, `/gone`, `/failing` and `/stalling` do what they say; all else opens with the token, in a parameter or a header. */
export async function startGuarded(token: string): Promise<GuardedServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const given = url.searchParams.get('token') ?? request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    asked.push(`${url.pathname} ${given}`);
    const status: Record<string, number> = { '/open': 200, '/gone': 404, '/failing': 503 };
    if (url.pathname === '/stalling') return;
    response.writeHead(status[url.pathname] ?? (given === token ? 200 : 401)).end('x\n1\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
