import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { wholeBuild } from './whole';
import { workspaces } from './support';

const examples = resolve('examples');

/** Rows read and rejected, as the table of the examples' README tells them. */
const told: Readonly<Record<string, { rows: number; rejected: number }>> = {
  flights: { rows: 17_283, rejected: 0 },
  strikes: { rows: 10_000, rejected: 0 },
  earthquakes: { rows: 1707, rejected: 0 },
  weather: { rows: 2922, rejected: 0 },
  digits: { rows: 250, rejected: 0 },
  penguins: { rows: 330, rejected: 14 },
};

describe('the examples', () => {
  const workspace = workspaces();

  it('are all built, with the rows that their README tells, and what was done is said for each', async () => {
    const space = await workspace({});
    await cp(examples, space.folder, { recursive: true, filter: (path) => basename(path) !== 'datasets' });
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 0, stderr);
    for (const [name, { rows, rejected }] of Object.entries(told)) {
      const { inputs, config } = await wholeBuild(space.path('datasets', name));
      const read = inputs.reduce((sum, input) => sum + input.rows, 0);
      const lost = inputs.reduce((sum, input) => sum + input.rejected, 0);
      assert.deepEqual({ rows: read, rejected: lost }, { rows, rejected }, name);
      assert.ok(config.license, `${name} names no licence`);
      assert.match(stderr, new RegExp(`${name}[^]*datasets/${name}`));
    }
  });

  it('each have a README with origin and licence', async () => {
    const table = await readFile(resolve(examples, 'README.md'), 'utf8');
    for (const name of Object.keys(told)) {
      assert.ok(table.includes(`\`${name}\``), `the README has no row for ${name}`);
      assert.match(await readFile(resolve(examples, name, 'README.md'), 'utf8'), /licen[cs]e/i);
    }
  });
});
