/** `mldata drift`, as people and scripts call it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { driftSchema } from '../../src/protocol';
import { config, here, workspaces } from './support';

const people = (rows: number, shift = 0) =>
  `id,age,city\n${Array.from({ length: rows }, (_, row) => `${row},${20 + shift + ((row * 37) % 40)},${['Oslo', 'Lima'][row % 2]}\n`).join('')}`;

describe('mldata drift', () => {
  const workspace = workspaces(here);

  it('prints one document, writes every kind of report, and ends with 2 where asked to', async () => {
    const space = await workspace({
      '.mldata.yaml': config('old.csv', 'drift:\n  share: 20%\n  baseline: old.csv'),
      'old.csv': people(600),
      'new.csv': people(500, 15),
    });
    const reports = ['drift.json', 'drift.md', 'drift.html', 'drift.sarif'];
    const { code, stdout, stderr } = await space.cli([
      ...['drift', 'd', 'new.csv', '--json', '--metrics', 'all', '--fail-on', 'high'],
      ...reports.flatMap((file) => ['--report', file]),
    ]);
    assert.equal(code, 2, stderr);
    const drift = driftSchema.parse(JSON.parse(stdout));
    assert.deepEqual([drift.dataset, drift.config, drift.settings.share], ['d', space.path('.mldata.yaml'), 0.2]);
    assert.deepEqual([drift.columns[0]?.name, drift.columns[0]?.status], ['age', 'high']);
    assert.equal(drift.summary.drift, true);
    const [json, markdown, html, sarif] = await Promise.all(reports.map((file) => readFile(space.path(file), 'utf8')));
    assert.deepEqual(driftSchema.parse(JSON.parse(json ?? '')), drift);
    assert.match(markdown ?? '', /^# ⚠️ Drift of `new.csv`$/m);
    assert.match(html ?? '', /<script type="application\/json" id="drift-messages">/);
    assert.doesNotMatch(html ?? '', /<(?:script|link|img)[^>]+(?:src|href)=/);
    assert.match(sarif ?? '', /"ruleId": "drift-column"/);
  });

  it('names a column that cannot be read, and does not pass it with --fail-on', async () => {
    const space = await workspace({});
    const query = 'SELECT i AS a, hash(i) AS b FROM range(5000) AS t(i)';
    await space.query(`COPY (${query}) TO {whole.parquet} (FORMAT parquet, COMPRESSION zstd)`);
    const [chunk] = await space.query("SELECT * FROM parquet_metadata({whole.parquet}) WHERE path_in_schema = 'b'");
    const content = await readFile(space.path('whole.parquet'));
    const at = Number(chunk?.['data_page_offset']);
    content.fill(0xee, at, at + 60);
    await space.write('damaged.parquet', content);
    const { code, stderr } = await space.cli(['drift', 'whole.parquet', 'damaged.parquet', '--fail-on', 'high']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /No drift: 0 of 1 column drifted\. 1 column could not be compared\./);
    assert.match(stderr, /error: b could not be compared: .*\[drift-column-failed\]/);
  });

  it('tells a person the verdict, what is compared, and the columns that drifted', async () => {
    const space = await workspace({
      'old.csv': people(600),
      'new.csv': people(500, 15).replace('id,', '"a\u001b[31mb",'),
    });
    const { code, stdout, stderr } = await space.cli(['drift', 'old.csv', 'new.csv']);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^new\.csv: (Drift: )?1 of 2 columns drifted.*: age \(/m);
    assert.match(stderr, /^ {2}baseline {2}old\.csv: 600 rows$/m);
    assert.match(stderr, /^ {2}current {3}new\.csv: 500 rows; compared in /m);
    assert.match(stderr, /^ {2}column +drift +decided by +value +low, medium, high +PSI +missing$/m);
    assert.match(stderr, /^ {2}age +HIGH /m);
    assert.match(stderr, /^ {2}1 column without drift; --verbose shows it$/m);
    assert.ok(!stderr.includes('\u001b['), 'a name steers the terminal');
    assert.match(stderr, /^ {2}a\\x1b\[31mb +added/m);
  });

  const refused: readonly (readonly [string, readonly string[], number, string, RegExp])[] = [
    ['three sides', ['a.csv', 'a.csv', 'a.csv'], 64, 'wrong-usage', /3 are named. Put a pattern in quotes/],
    ['a side that is not there', ['a.csv', 'none.csv'], 64, 'target-unknown', /no file, folder or build at none.csv/],
    ['one side that nothing is said of', ['a.csv'], 64, 'baseline-missing', /mldata drift previous a.csv/],
    ['a file that is no Parquet', ['a.csv', 'broken.parquet'], 1, 'source-unreadable', /broken.parquet/],
    ['a measure in the units of a column', ['a.csv', 'a.csv', '--method', 'energy'], 64, 'drift-levels', /thresholds/],
    ['windows over a column that is not there', ['a.csv', 'a.csv', '--window', 'day:month'], 3, 'drift-window', /day/],
  ];
  it('says what is wrong with what it was asked, and ends with the code of it', async () => {
    const space = await workspace({ 'a.csv': people(20), 'broken.parquet': 'PAR1 is not all of it PAR1' });
    await Promise.all(
      refused.map(async ([what, args, expected, name, says]) => {
        const { code, stdout } = await space.cli(['drift', ...args, '--json', '--quiet']);
        const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
        assert.deepEqual([code, error.code], [expected, name], `${what}: ${error.message}`);
        assert.match(error.message, says, what);
      }),
    );
  });
});
