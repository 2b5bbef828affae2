/** The memory limit, in miniature: `npm run bench -- memory` does the same with 5 GB. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { watch } from '../host/peakMemory';
import { withoutRecording } from '../host/recording';
import { startCli } from './commandLine';
import { config, workspaces } from './support';
import { leftovers, wholeBuild } from './whole';

const ROWS = 1_500_000;

describe('a build of more than the memory limit holds', function () {
  this.timeout(180_000);
  withoutRecording();
  const workspace = workspaces();

  before(function () {
    if (process.platform !== 'linux') this.skip(); // elsewhere no /proc tells what a process takes
  });

  it('stays near the limit, puts the rest on disk, and clears that away', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'big.csv',
        'schema: { columns: { id: { unique: true } } }\n' +
          'transforms: [ { standard_scale: { columns: [a, b] } } ]\n' +
          'split: { train: 0.8, validation: 0.1, test: 0.1, stratify: label, seed: 7 }',
      ),
    });
    await space.query(
      `COPY (SELECT i AS id, i % 7 AS label, (i * 7919) % 100003 / 7 AS a, (i * 104729) % 99991 / 11 AS b, ` +
        `'user ' || (i * 31) % 90001 AS name, md5(i::VARCHAR) AS note FROM range(${ROWS}) AS t(i)) TO {big.csv}`,
    );
    const run = startCli(space, ['build', '--workers', '2', '--memory-limit', '200MB']);
    const watched = watch(run.pid, space.path('.mldata/tmp'));
    assert.equal(await run.ended(), 0, run.stderr);
    watched.stop();
    const { rows } = await wholeBuild(space.path('datasets/d'));
    assert.equal(rows, ROWS);
    assert.ok(watched.peakBytes() > 50e6, `${watched.peakBytes()} bytes were on disk at most`);
    const [parent = 0, job = 0] = watched.peaks();
    // Of what it takes, 200 MB are the process without any data; with memory for all it takes more than 500 MB.
    assert.ok(job > 100e6 && job < 480e6, `the job took ${job} bytes`);
    assert.ok(parent > 20e6 && parent < 200e6, `its parent took ${parent} bytes`);
    assert.deepEqual(await readdir(space.path('.mldata/tmp')), []);
    assert.deepEqual(await leftovers(space.folder), []);
  });
});
