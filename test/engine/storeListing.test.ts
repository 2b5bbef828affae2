import assert from 'node:assert/strict';
import { Downloader } from '../../src/engine/fetch';
import { isStore, listStore } from '../../src/engine/storeListing';

describe('addresses of stores', () => {
  const run = {
    downloader: new Downloader(),
    environment: {},
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
      assert.equal(isStore(uri), store);
      const place = { folder: '/', allowInner: false };
      await assert.rejects(listStore({ uri, place }, run), { code: 'store-address', message: says });
    });
  }
});
