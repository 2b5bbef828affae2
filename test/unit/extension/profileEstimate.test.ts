/** Whether profiling takes so long that it is asked for first. */
import assert from 'node:assert/strict';
import { profileSeconds } from '../../../src/extension/panels/profileEstimate';

describe('how long a profile takes', () => {
  const cases: readonly (readonly [what: string, files: Parameters<typeof profileSeconds>[0], seconds: number])[] = [
    ['of nothing: no time', [], 0],
    ['of 150 MB of CSV: some seconds', [{ path: 'raw/a.CSV', bytes: 150e6 }], 5],
    ['of as much Parquet: longer, there is more in it', [{ path: 'data/a.parquet', bytes: 150e6 }], 10],
    ['of text that is compressed: longer, too', [{ path: 'a.jsonl.gz', bytes: 150e6 }], 10],
    [
      'of several files: all of theirs',
      [
        { path: 'a.csv', bytes: 1.2e9 },
        { path: 'b.parquet', bytes: 0.6e9 },
      ],
      80,
    ],
  ];
  for (const [what, files, seconds] of cases) it(what, () => assert.equal(profileSeconds(files), seconds));
});
