import assert from 'node:assert/strict';
import { Credentials } from '../../src/engine/credentials';
import { Downloader } from '../../src/engine/fetch';
import { listStore } from '../../src/engine/storeListing';

describe('addresses of stores', () => {
  const run = {
    downloader: new Downloader(),
    credentials: new Credentials({ environment: {} }),
    watch: { log: () => undefined, signal: new AbortController().signal },
  };
  const addresses = [
    { uri: 'hf://models/a/b', store: true, says: /no dataset of the Hub/ },
    { uri: 's3://', store: true, says: /no name of a bucket/ },
    { uri: 'dvc://x', store: true, says: /no repository/ },
    { uri: 'gs://bucket/x', store: false, says: /of no store/ },
    { uri: 'https://host/x', store: false, says: /of no store/ },
  ];
  for (const { uri, store, says } of addresses) {
    it(`${uri} is ${store ? 'read by its store' : 'of no store'}`, async () => {
      const place = { folder: '/', root: '/', allowInner: false, scratch: '/nowhere' };
      await assert.rejects(listStore({ uri, place }, run), { code: 'store-address', message: says });
    });
  }
});
