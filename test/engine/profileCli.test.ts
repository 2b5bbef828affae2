/** `mldata profile`, as people and scripts call it. */
import assert from 'node:assert/strict';
import { profileSchema } from '../../src/protocol';
import { startCli } from './commandLine';
import { config, workspaces, type Workspace } from './support';

const people = (rows: number, from = 0) =>
  `id,age,city\n${Array.from({ length: rows }, (_, row) => `${from + row},${(row * 7) % 60},${row % 4 === 0 ? '' : row % 3 === 0 ? 'Oslo' : 'Rome'}`).join('\n')}\n`;

describe('mldata profile', () => {
  const workspace = workspaces();
  const profile = async (space: Workspace, ...args: string[]) => {
    const { code, stdout, stderr } = await space.cli(['profile', ...args, '--json']);
    assert.equal(code, 0, stderr);
    return profileSchema.parse(JSON.parse(stdout));
  };

  it('tells a person what there is, column by column, and prints nothing on standard output', async () => {
    const space = await workspace({ 'people.csv': people(40) });
    const { code, stdout, stderr } = await space.cli(['profile', 'people.csv']);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /^people\.csv: 40 rows in 3 columns; /m);
    assert.match(stderr, /missing cells 10 \(8\.3 %\)/);
    assert.match(stderr, /\n {2}column +type +missing +distinct +figures\n/);
    assert.match(stderr, /\n {2}age +numeric +0 +\d+ +mean [\d.]+ · sd [\d.]+ · range 0 … \d+\n/);
    assert.match(stderr, /\n {2}city +categorical +10 \(25 %\) +2 +Rome [\d.]+ % · Oslo [\d.]+ %\n/);
    assert.match(stderr, /\nMissing together\n {2}10 \(25 %\) {2}city\n/);
    // No terminal, no blocks.
    assert.doesNotMatch(stderr, /[▁-█]/);
    // Each step is said once.
    assert.deepEqual(
      stderr.match(/^people\.csv: (reading|describing columns|comparing columns)$/gm)?.length,
      new Set(stderr.match(/^people\.csv: (reading|describing columns|comparing columns)$/gm)).size,
    );
  });

  for (const [what, target, of, rows] of [
    ['a file', 'people.csv', 'files', 40],
    ['a pattern', 'parts/*.csv', 'files', 30],
    ['a folder', 'parts', 'files', 30],
  ] as const)
    it(`takes ${what}, without a config`, async () => {
      const space = await workspace({
        'people.csv': people(40),
        'parts/a.csv': people(10),
        'parts/b.csv': people(20, 10),
      });
      const made = await profile(space, target);
      assert.deepEqual([made.dataset, made.of, made.rows, made.columns.length], [target, of, rows, 3]);
    });

  it('takes a dataset: what was built of it, one split, or the files that it names', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'people.csv',
        'split: { train: 0.5, test: 0.5, seed: 1 }\ntransforms:\n  - drop: { columns: id }',
      ),
      'people.csv': people(40),
    });
    const before = await profile(space, 'd');
    assert.deepEqual([before.of, before.rows, before.columns.length], ['source', 40, 3]);
    await space.buildOne();
    const built = await profile(space, 'd');
    assert.deepEqual([built.of, built.rows, built.columns.length], ['build', 40, 2]);
    assert.deepEqual(
      built.splits?.map(({ name, rows }) => [name, rows]),
      [
        ['train', 20],
        ['test', 20],
      ],
    );
    const one = await profile(space, 'd', '--split', 'test');
    assert.deepEqual([one.split, one.rows], ['test', 20]);
    const source = await profile(space, 'd', '--source');
    assert.deepEqual([source.of, source.columns.length], ['source', 3]);
    const folder = await profile(space, 'datasets/d');
    assert.deepEqual([folder.of, folder.rows], ['build', 40]);
  });

  it('does not blame a file for too little memory', async () => {
    const line = JSON.stringify({ text: 'x'.repeat(1_000_000) });
    const space = await workspace({ 'd.jsonl': `${line}\n`.repeat(60) });
    const { code, stderr } = await space.cli(['profile', 'd.jsonl', '--memory-limit', '200MB']);
    assert.equal(code, 1);
    assert.match(stderr, /The memory limit does not suffice\./);
    assert.doesNotMatch(stderr, /Correct the file/);
  });

  it('draws samples by a seed, and says so', async () => {
    const space = await workspace({ 'people.csv': people(400) });
    const sampled = await profile(space, 'people.csv', '--sample', '50', '--seed', '7');
    assert.deepEqual([sampled.rows, sampled.sample?.rows, sampled.sample?.seed], [400, 50, 7]);
    const share = await profile(space, 'people.csv', '--sample', '10%');
    assert.equal(share.sample?.rows, 40);
    const { stderr } = await space.cli(['profile', 'people.csv', '--sample', '10%', '--fast']);
    assert.match(stderr, /A sample: every figure but the number of rows is of 40 rows.*\(10 %\), seed \d+\./);
    assert.match(stderr, /Fast: sketches took the place/);
  });

  it('writes every report that is asked for, beside the one document', async () => {
    const space = await workspace({ 'people.csv': people(40) });
    const { code, stdout, stderr } = await space.cli([
      ...['profile', 'people.csv', '--json'],
      ...['--report', 'a.json', '--report', 'a.md', '--report', 'a.HTML'],
    ]);
    assert.equal(code, 0, stderr);
    const files = await space.files();
    assert.deepEqual(files, ['a.HTML', 'a.json', 'a.md', 'people.csv']);
    assert.match(stderr, /Wrote a\.json\nWrote a\.md\nWrote a\.HTML\n/);
    const [written] = await space.query('SELECT content FROM read_text({a.json})');
    assert.deepEqual(JSON.parse(String(written?.['content'])), JSON.parse(stdout));
    const [page] = await space.query('SELECT content FROM read_text({a.md})');
    assert.match(String(page?.['content']), /^# Profile of `people\.csv`\n\n40 rows in 3 columns;/);
  });

  for (const [what, args, code, says] of [
    ['no target', [], 64, /missing required argument 'target'/],
    ['a report of no known kind', ['people.csv', '--report', 'x.pdf'], 64, /x\.pdf says no kind of report/],
    ['a sample of nothing', ['people.csv', '--sample', '0'], 64, /Give a number of rows/],
    ['a sample of more than all', ['people.csv', '--sample', '101%'], 64, /Give a number of rows/],
    ['a sample that is no number', ['people.csv', '--sample', 'some'], 64, /Give a number of rows/],
    ['a seed that is no number', ['people.csv', '--seed', '-1'], 64, /Give a whole number from 0 on/],
    ['what is not there', ['nobody.csv'], 64, /There is no file, folder or build at nobody\.csv/],
    ['a split that is not there', ['people.csv', '--split', 'train'], 64, /split/],
    ['one of several that is not there', ['people.csv', 'nobody.csv'], 64, /There is no file or folder at nobody\.csv/],
  ] as const)
    it(`says what is wrong with ${what}, before anything is read`, async () => {
      const space = await workspace({ 'people.csv': people(4) });
      const result = await space.cli(['profile', ...args]);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, says);
      assert.doesNotMatch(result.stderr, /defect/);
      assert.deepEqual(await space.files(), ['people.csv']);
    });

  it('prints one document where it fails, too', async () => {
    const space = await workspace({});
    const { code, stdout } = await space.cli(['profile', 'nobody.csv', '--json']);
    assert.deepEqual([code, (JSON.parse(stdout) as { kind: string }).kind], [64, 'mldata/error']);
  });

  it('shows names and values of files and does not obey them, however long they are', async () => {
    const name = (text: string) => `"${text.repeat(10_000 / text.length)}"`;
    const space = await workspace({
      'people.csv':
        `"\u001b[31mred","train\u202egpj",${name('x')},<script>alert(1)</script>\n` +
        `"\u001b]0;title\u0007",a\u202eb,1,"two\nlines"\n"\u001b]0;title\u0007",a\u202eb,2,c\nx,b,2,c\n`,
    });
    const { code, stderr } = await space.cli(['profile', 'people.csv']);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.match(stderr, /\n {2}\\x1b\[31mred /);
    assert.match(stderr, /\n {2}train\\u202egpj /);
    assert.ok(stderr.split('\n').every((line) => line.length < 1200));
  });

  it('shortens what no screen would show, and names --json for the rest', async () => {
    const names = Array.from({ length: 60 }, (_, column) => `c${column}`);
    const space = await workspace({ 'wide.csv': `${names.join(',')}\n${names.join(',')}\n` });
    const { code, stderr } = await space.cli(['profile', 'wide.csv']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /\n {2}c49 /);
    assert.doesNotMatch(stderr, /\n {2}c50 /);
    assert.match(stderr, /and 10 more columns; --json has them all/);
  });

  for (const [what, text, says] of [
    ['no rows', 'a,b\n', /0 rows in 2 columns/],
    ['one row', 'a,b\n1,x\n', /1 row in 2 columns/],
    ['a column without values', 'a,b\n1,\n2,\n', /\n {2}b +empty +2 \(100 %\) +0\n/],
  ] as const)
    it(`describes a file with ${what}`, async () => {
      const space = await workspace({ 'few.csv': text });
      const { code, stderr } = await space.cli(['profile', 'few.csv']);
      assert.equal(code, 0, stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /NaN|undefined|null/);
    });

  it('ends with 130 when it is interrupted, and leaves nothing behind', async () => {
    const space = await workspace({ 'people.csv': people(400_000) });
    const cli = startCli(space, ['profile', 'people.csv']);
    await cli.said(/people\.csv: /);
    cli.child.kill('SIGINT');
    assert.equal(await cli.ended(), 130);
    assert.match(cli.stderr, /Cancelled/);
    assert.deepEqual(await space.files(), ['people.csv']);
  });

  it('takes the files that a shell makes of a pattern as one set of rows', async () => {
    const space = await workspace({ 'a.csv': people(10), 'b.csv': people(20, 10), 'c.csv': people(5, 30) });
    const made = await profile(space, 'a.csv', 'b.csv', 'c.csv');
    assert.deepEqual([made.dataset, made.rows, made.files.length], ['a.csv and 2 others', 35, 3]);
  });

  it('says in its help what a target is', async () => {
    const space = await workspace({});
    const { code, stdout } = await space.cli(['profile', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /A target that is the name of a dataset is that dataset/);
    assert.match(stdout, /--report <file>/);
  });
});
