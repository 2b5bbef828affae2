/** Rows of a MariaDB or a MySQL as they come: a server is faster than a disk, and a row may be as large as a film. */
import type { Connection, Query } from 'mysql2';

/** What may wait; then the server does. One row may be more. */
const MOST_BYTES = 4 << 20;

/** Throws what the server says, and does not end where the connection breaks off. */
export async function* rowsOf(command: Query, connection: Connection): AsyncGenerator<readonly unknown[]> {
  let waiting: (readonly unknown[])[] = [];
  let bytes = 0;
  const heard: { ended: boolean; failed?: Error } = { ended: false };
  let wake = (): void => undefined;
  const told = (): void => {
    wake();
  };
  command.on('result', (row: unknown) => {
    const values = row as readonly unknown[];
    waiting.push(values);
    bytes += values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
    if (bytes > MOST_BYTES) connection.pause();
    told();
  });
  command.on('error', (error: Error) => {
    heard.failed = error;
    told();
  });
  command.on('end', () => {
    heard.ended = true;
    told();
  });
  for (;;) {
    const rows = waiting;
    [waiting, bytes] = [[], 0];
    yield* rows;
    if (waiting.length > 0) continue;
    if (heard.failed) throw heard.failed;
    if (heard.ended) return;
    const more = new Promise<void>((resolve) => (wake = resolve));
    // What was held up is told at once.
    connection.resume();
    await more;
  }
}

function sizeOf(value: unknown): number {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
