/** Packages of data that is hard to name, and of data that is not what it was: what their own tests say in the real PyTorch. */
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { availableParallelism } from 'node:os';
import type { AddressInfo } from 'node:net';
import { basename, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { exportIn } from '../engine/exported';
import { Workspace } from '../engine/support';
import { run } from '../host/processes';
import { askPython } from '../host/python';
import { trainingPython, withPillow } from '../host/trainingPython';

const attack = (trap: string) => `"; import os; os.mkdir('${trap}/x') #`;

/** Names of the columns beside the target, and of the file. */
const hostile = (trap: string): readonly (readonly [file: string, columns: readonly string[]])[] => [
  ['class', ['class', 'def', 'None']],
  ['import os', ['import os', 'a b', 'a-b', 'a_b']],
  ['json', ['json', 'torch']],
  ['1st', ['1', '2nd', '3.5']],
  ['数据', ['数', '据', '名前']],
  ['été', ['é', 'e\u0301x', 'ü']],
  ['emoji 🦆', ['🦆', '🦆🦆']],
  ['dots.in.name', ['a.b', 'a..b', '.']],
  ["quote'd", ["it's", "''", "'''"]],
  ['"; import os', [attack(trap), attack(trap).replaceAll("'", '"')]],
  ['braces {x}', ['{0}', '{x!r}', '%s', '${HOME}', '`id`']],
  ['back\\slash', ['\\', '\\n', '\\u0041']],
  ['lines', ['a\nb', 'a\tb', 'a\r']],
  ['spaces', [' ', '  ', ' a ']],
  ['self', ['self', '__class__', '__init__', '__dict__']],
  ['target', ['target', 'weight', 'numbers', 'categories', 'texts']],
  ['test', ['test', 'train', 'data', 'split']],
  ['long', ['x'.repeat(300), 'x'.repeat(301)]],
  ['sql', ['"a"', 'select', 'exported', '__row2', 'c0', 'c1']],
  ['html', ['<script>alert(1)</script>', '&amp;']],
  ['paths', ['../../etc/passwd', '/dev/null', 'C:\\x']],
  ['numbers', ['0', '-1', '1e5', 'nan', 'inf']],
  ['lambda', ['lambda', 'yield', 'async', 'await', 'match']],
  ['brackets', ['[0]', '(', ')', '()', ';', '#']],
  ['unicode', ['\u202Eabc', '\u200b', '\ufeffx', 'ℵ', 'ﬁ']],
  ['torch', ['forward', 'parameters', 'type', 'float', 'training']],
  ['numpy', ['dtype', 'shape', 'T']],
  ['True', ['True', 'False', 'null', 'yes', 'no']],
  ['yaml', ['- a', 'a: b', '*x', '&x', '!!python/object']],
  ['many', Array.from({ length: 200 }, (_, index) => `column ${index % 7} ${'_'.repeat(index)}`)],
];

const csv = [
  'share,amount,color,label',
  ...Array.from({ length: 300 }, (_, i) =>
    [(i * 37) % 100, i % 7 === 0 ? '' : i / 4, ['red', 'green', 'blue'][i % 3], i % 5 === 0 ? 'yes' : 'no'].join(','),
  ),
];
const config = `
version: 1
datasets:
  shades:
    source: shades.csv
    split: { train: 0.6, validation: 0.2, test: 0.2, seed: 1 }
    schema: { columns: { color: { type: string }, amount: { type: number }, label: { type: string, role: target } } }
`;

/** Columns without a value, numbers that 32 bits do not hold, and times that Python does not. */
const nothing = ['INTEGER', 'DOUBLE', 'VARCHAR', 'BOOLEAN', 'DATE', 'TIME', 'TIMESTAMP_NS', 'DOUBLE[]', 'VARCHAR[]'];
const odd = `SELECT ${[...nothing, 'STRUCT(a INTEGER)'].map((type, index) => `NULL::${type} AS "${index}"`).join(', ')},
  16777217 + range AS long, 1e300 * (range - 5) AS large, [1e300 * range, NULL] AS list,
  struct_pack(at := make_timestamp_ns(range)) AS at, map(['k'], [make_timestamp_ns(range)]) AS times,
  make_timestamp_ns(1500000000000000001 + range) AS instant, range % 2 AS label FROM range(24)`;

const mutations = [
  'a value flipped',
  'a row dropped',
  'a row doubled',
  'splits swapped',
  'wrong dtype',
  'worker sharding removed',
  'encoder order changed',
  'class weights changed',
  'statistics of other rows',
  'a mask lost',
];

interface Answer {
  readonly packages: Readonly<Record<string, readonly string[]>>;
  readonly mutations: Readonly<Record<string, readonly string[]>>;
  readonly started: readonly string[];
}

describe('packages for PyTorch', () => {
  let space: Workspace;
  let answer: Answer;
  before(async function () {
    this.timeout(20 * 60_000);
    space = await Workspace.create({ '.mldata.yaml': config, 'shades.csv': `${csv.join('\n')}\n` });
    const trap = space.path('trap');
    await mkdir(trap);
    const limit = pLimit(availableParallelism());
    const packages = await Promise.all(
      hostile(trap).map(([file, columns], index) => limit(() => hostilePackage(index, file, columns))),
    );
    await space.query(`COPY (${odd}) TO {odd.parquet}`);
    const oddPackage = space.path('packages', 'odd');
    await exportIn(space, 'odd.parquet', { framework: 'pytorch', targetColumn: 'label', output: oddPackage });
    await space.build({});
    const mutated = space.path('packages', 'shades');
    await exportIn(space, 'shades', { framework: 'pytorch', output: mutated });
    const python = await trainingPython();
    const question = {
      packages: [...packages, oddPackage, mutated],
      mutated,
      mutations: ['nothing', ...mutations],
      trap,
    };
    answer = (await askPython(python, resolve('test/interop/exportPytorch.py'), question)) as Answer;
  });
  after(() => space.remove());

  async function hostilePackage(index: number, file: string, columns: readonly string[]): Promise<string> {
    const rows = Array.from({ length: 24 }, (_, row) =>
      JSON.stringify({
        ...Object.fromEntries(columns.map((name, place) => [name, place % 2 ? `${row % 3} ${name}` : row / 2])),
        label: row % 2 ? 'a' : 'b',
      }),
    );
    const name = file.replaceAll(/[\\/]/g, '_');
    const source = `${index} ${name}/${name}.jsonl`;
    await space.write(source, `${rows.join('\n')}\n`);
    const output = space.path('packages', String(index));
    await exportIn(space, space.path(source), { framework: 'pytorch', targetColumn: 'label', output });
    return output;
  }

  it('compile and pass their own tests, whatever things are called', () => {
    const failed = Object.entries(answer.packages).filter(([, problems]) => problems.length > 0);
    assert.deepEqual(
      failed.map(([folder, problems]) => [basename(folder), ...problems]),
      [],
    );
    assert.equal(Object.keys(answer.packages).length, 32);
  });

  it('run nothing that a name says', () => {
    assert.deepEqual(answer.started, []);
  });

  it('pass them after checksums were made anew, and nothing else', () => {
    assert.deepEqual(answer.mutations['nothing'], []);
  });

  for (const name of mutations) {
    it(`do not pass them after this, even with all checksums made anew: ${name}`, () => {
      assert.notEqual(answer.mutations[name]?.length ?? 0, 0);
    });
  }
});

describe('a package of 5,000 columns', () => {
  const COLUMNS = 4999; // and the target
  let space: Workspace;
  before(async () => {
    const names = Array.from({ length: COLUMNS }, (_, column) => `c${column}`);
    const cell = (row: number, column: number) =>
      column % 10 === 1 ? `t${row % 3}` : column % 10 === 2 && row % 2 === 0 ? '' : (row * column) % 97;
    const rows = Array.from({ length: 40 }, (_, row) =>
      [...names.map((_, column) => cell(row, column)), row % 2].join(),
    );
    space = await Workspace.create({ 'wide.csv': `${[...names, 'label'].join()}\n${rows.join('\n')}\n` });
  });
  after(() => space.remove());

  it('is whole, and gives its batches', async function () {
    this.timeout(600_000);
    const { output } = await exportIn(space, 'wide.csv', { framework: 'pytorch', targetColumn: 'label' });
    const options = { cwd: output, env: { ...process.env, PYTHONPATH: 'src' } };
    const python = await trainingPython();
    await run(python, ['-m', 'wide.verify'], options);
    const use = `
import wide
for streaming in (False, True):
    for batch in wide.loader("data", streaming=streaming):
        print(*batch["numbers"].shape, *batch["categories"].shape)`;
    assert.equal((await run(python, ['-c', use], options)).trim(), '40 4499 40 500\n40 4499 40 500');
  });
});

describe('a target that is not there', () => {
  let space: Workspace;
  before(async () => {
    const without = config.replace(', role: target', '');
    space = await Workspace.create({ '.mldata.yaml': without, 'shades.csv': `${csv.join('\n')}\n` });
    await space.build({});
  });
  after(() => space.remove());

  it('is asked for, with what to add to the config', async () => {
    await assert.rejects(exportIn(space, 'shades', { framework: 'pytorch' }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'target-missing');
      assert.match(error.message, /`label: \{ role: target \}`.*--target/);
      return true;
    });
  });

  it('is told where a name is none of the columns', async () => {
    const asked = exportIn(space, 'shades', { framework: 'pytorch', targetColumn: 'colour' });
    await assert.rejects(asked, { code: 'target-missing' });
  });
});

describe('packages of the examples', () => {
  const names = ['flights', 'strikes', 'earthquakes', 'digits'];
  let space: Workspace;
  before(async () => {
    space = await Workspace.create({});
    await cp('examples', space.folder, { recursive: true });
    await space.build({ names });
  });
  after(() => space.remove());

  for (const name of names) {
    it(`train with their own example: ${name}`, async function () {
      this.timeout(300_000);
      const { output } = await exportIn(space, name, { framework: 'pytorch' });
      const example = join(output, 'examples', 'train.py');
      const options = { cwd: output, env: await withPillow() };
      const said = await run(await trainingPython(), [example, '--epochs', '2'], options);
      assert.match(said, /^epoch 2: loss \d.*(accuracy|RMSE) \d/m);
    });
  }
});

describe('a package of nothing but images', () => {
  let space: Workspace;
  before(async () => {
    const columns = 'schema: { columns: { photo: { type: image }, label: { type: string, role: target } } }';
    const rows = Array.from({ length: 12 }, (_, row) => `${row}.png,${row % 2 ? 'light' : 'dark'}`);
    space = await Workspace.create({
      '.mldata.yaml': `version: 1\ndatasets:\n  shots:\n    source: shots.csv\n    ${columns}\n`,
      'shots.csv': `photo,label\n${rows.join('\n')}\n`,
    });
    for (const row of rows.keys()) {
      const background = { r: row % 2 ? 250 : 5, g: row, b: row };
      await sharp({ create: { width: 20, height: 10, channels: 3, background } }).toFile(space.path(`${row}.png`));
    }
    await space.build({});
  });
  after(() => space.remove());

  it('trains on them, and says what is missing where Pillow is', async function () {
    this.timeout(300_000);
    const { output } = await exportIn(space, 'shots', { framework: 'pytorch' });
    const [python, train] = [await trainingPython(), [join(output, 'examples', 'train.py'), '--epochs', '1']];
    const said = await run(python, train, { cwd: output, env: await withPillow() });
    assert.match(said, /^epoch 1: loss \d/m);
    await assert.rejects(run(python, train, { cwd: output }), (error: Error) => {
      assert.match(error.message, /nothing to train on but images.*pip install pillow/);
      assert.doesNotMatch(error.message, /Traceback/);
      return true;
    });
  });
});

describe('a package that fetches its data', () => {
  let space: Workspace;
  let server: Server;
  before(async () => {
    space = await Workspace.create({ '.mldata.yaml': config, 'shades.csv': `${csv.join('\n')}\n` });
    await space.build({});
    server = createServer((request, response) => {
      createReadStream(space.path('held', 'data', basename(request.url ?? ''))).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.close();
    await space.remove();
  });

  it('has the rows once they are fetched, and its tests pass', async function () {
    this.timeout(300_000);
    await exportIn(space, 'shades', { framework: 'pytorch', output: space.path('held') });
    const dataUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`;
    const { output } = await exportIn(space, 'shades', { framework: 'pytorch', dataUrl });
    const python = await trainingPython();
    const options = { cwd: output, env: { ...process.env, PYTHONPATH: 'src', PYTHONDONTWRITEBYTECODE: '1' } };
    const early = run(python, ['-c', 'import shades; shades.load("train")[0]'], options);
    await assert.rejects(early, /python -m shades\.download/);
    assert.equal((await run(python, ['-m', 'shades.download'], options)).trim().split('\n').length, 3);
    await run(python, ['-m', 'unittest', 'discover', 'tests'], options);
  });
});
