/** Serves one file, in a process of its own: `tsx fileServer.ts FILE`. Says its address, and the end of each answer, on stdout. */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [file = ''] = process.argv.slice(2);
const { size } = statSync(file);
const etag = `"${size.toString(16)}"`;

const server = createServer((request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    etag,
    'content-length': size - start,
    ...(start > 0 && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
  });
  createReadStream(file, { start, highWaterMark: 1 << 20 }).pipe(response);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
