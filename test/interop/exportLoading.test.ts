/** A package for PyTorch in the real one: what a training loop gets of it, with workers, ranks, interruptions. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXPORT_FILE, type Export } from '../../src/protocol';
import { Workspace } from '../engine/support';
import { run } from '../host/processes';
import { askPython } from '../host/python';
import { trainingPython } from '../host/trainingPython';

const colors = ['red', 'green', 'blue', 'grey', 'black'];
const csv = [
  'id,share,amount,color,label',
  ...Array.from({ length: 2000 }, (_, i) => {
    const share = (i * 37) % 100;
    const color = i % 11 === 0 ? '' : colors[i % colors.length];
    return [i, share / 8, i % 7 === 0 ? '' : i / 4, color, share > 50 ? 'yes' : 'no'].join(',');
  }),
];
const config = `
version: 1
datasets:
  shades:
    source: shades.csv
    description: Shares and what they lead to.
    license: CC0-1.0
    split: { train: 0.7, validation: 0.2, test: 0.1, seed: 1 }
    schema:
      columns:
        id: { type: integer, unique: true, role: id }
        share: { type: number }
        amount: { type: number }
        color: { type: string }
        label: { type: string, role: target }
`;

interface Answer {
  readonly events: readonly string[];
  readonly wrongValues: Readonly<Record<string, readonly number[]>>;
  readonly rows: Readonly<Record<string, { missing: number; twice: number; uneven: boolean }>>;
  readonly orders: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly resumed: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly pickled: unknown;
  readonly spawned: unknown;
  readonly ranks: unknown;
  readonly openFiles: unknown;
  readonly travel: unknown;
  readonly oddNumbers: unknown;
  readonly nanoseconds: readonly string[];
  readonly kinds: readonly string[];
}

/** What of the nested answers is not true. */
const untrue = (answers: Readonly<Record<string, Readonly<Record<string, boolean>>>>): string[] =>
  Object.entries(answers).flatMap(([name, each]) =>
    Object.entries(each)
      .filter(([, holds]) => !holds)
      .map(([what]) => `${name}: ${what}`),
  );

describe('a package for PyTorch', () => {
  let space: Workspace;
  let python: string;
  let folder: string;
  let answer: Answer;
  before(async function () {
    this.timeout(20 * 60_000);
    python = await trainingPython();
    space = await Workspace.create({ '.mldata.yaml': config, 'shades.csv': `${csv.join('\n')}\n` });
    folder = space.path('package');
    for (const args of [
      ['build', 'shades'],
      ['export', 'shades', '--framework', 'pytorch', '--rows-per-file', '500', '--output', folder],
    ]) {
      const { code, stderr } = await space.cli(args);
      assert.equal(code, 0, stderr);
    }
    const question = { folder, package: 'shades' };
    answer = (await askPython(python, resolve('test/interop/exportLoading.py'), question)) as Answer;
  });
  after(() => space.remove());

  it('is imported and read without the network, pickles, other programs or pandas', () => {
    assert.deepEqual(answer.events, []);
  });

  it('gives the values that stand in the files', () => {
    assert.deepEqual(answer.wrongValues, { 'in memory': [], 'as a stream': [] });
  });

  it('gives each row exactly once, with 0, 1, 2 and 4 workers on 1 and 2 ranks', () => {
    assert.equal(Object.keys(answer.rows).length, 4 * 2 * 5);
    for (const [way, difference] of Object.entries(answer.rows)) {
      assert.deepEqual(difference, { missing: 0, twice: 0, uneven: false }, way);
    }
  });

  it('shuffles by its seed, in another way in each epoch', () => {
    assert.deepEqual(Object.keys(answer.orders), ['in memory', 'stream']);
    assert.deepEqual(untrue(answer.orders), []);
  });

  it('goes on in the middle of an epoch', () => {
    assert.equal(Object.keys(answer.resumed).length, 5);
    assert.deepEqual(untrue(answer.resumed), []);
  });

  it('is pickled without its rows, for workers that are spawned', () => {
    assert.deepEqual(answer.pickled, { small: true, same: true });
    assert.deepEqual(answer.spawned, { 'in memory': true, stream: true });
  });

  it('shares its rows out among processes of torch.distributed', () => {
    const once = { missing: 0, twice: 0, batches: 1 };
    assert.deepEqual(answer.ranks, { 'in memory': once, stream: once, 'order of another process': true });
  });

  it('keeps few of its files open', () => {
    assert.deepEqual(answer.openFiles, { rows: 60, few: true });
  });

  it('gives batches of workers as it gives them without any, small and large', () => {
    assert.deepEqual(answer.travel, { '16': true, '1000': true });
  });

  it('takes no number that is not finite for one, and brings larger ones into 32 bits', () => {
    assert.deepEqual(answer.oddNumbers, { numbers: true, lists: true });
  });

  it('is held in memory where it is small, and streamed where it is large', () => {
    const each = ['TabularDataset', 'StreamingDataset'];
    assert.deepEqual(answer.kinds, [...each, ...each]);
  });

  it('gives times of nanoseconds as those of Python, without pandas', () => {
    const at = 'datetime.datetime(1970, 1, 1, 0, 0, 0, 1)';
    const time = 'datetime.time(0, 0, 0, 1)';
    assert.deepEqual(answer.nanoseconds, [
      ...[at, time, 'datetime.timedelta(microseconds=1)', `[${at}, None]`, `[${at}, None]`],
      ...[`{'a b': ${at}, 'c': 'd'}`, `[('k', ${at})]`, `[{'t': ${time}}]`],
    ]);
  });

  it('trains with its example in less than a minute, and the loss falls', async function () {
    this.timeout(5 * 60_000);
    const words = await run(python, ['examples/train.py'], { cwd: folder });
    const losses = [...words.matchAll(/^epoch \d+: loss (\S+), validation accuracy (\S+)$/gm)].map(
      ([, loss, accuracy]) => ({ loss: Number(loss), accuracy: Number(accuracy) }),
    );
    const [first, last] = [losses[0], losses.at(-1)];
    assert.ok(first && last && last.loss < first.loss / 2 && last.accuracy > 0.9, words);
  });

  it('installs by pip without the network, and is whole then', async function () {
    this.timeout(10 * 60_000);
    const venv = space.path('venv');
    const program = resolve(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
    const source = space.path('source'); // building leaves files beside the code
    await cp(folder, source, { recursive: true });
    await run(python, ['-m', 'venv', venv]);
    const script =
      'import json, os, sys; print(json.dumps([os.pathsep.join(sys.path[1:]), os.environ.get("LD_LIBRARY_PATH", "")]))';
    const [modules, libraries] = JSON.parse(await run(python, ['-c', script])) as [string, string];
    const env = { ...process.env, PYTHONPATH: modules, LD_LIBRARY_PATH: libraries };
    const flags = ['--no-deps', '--no-build-isolation', '--no-index', '--quiet', '--disable-pip-version-check'];
    await run(program, ['-m', 'pip', 'install', ...flags, source], { env });
    await mkdir(space.path('elsewhere'));
    const elsewhere = { env, cwd: space.path('elsewhere') };
    const use = 'import shades; print(shades.__file__, len(shades.load("train")), len(shades.load("test")))';
    const said = await run(program, ['-c', use], elsewhere);
    assert.ok(said.startsWith(venv), said);
    const { splits } = JSON.parse(await readFile(resolve(folder, EXPORT_FILE), 'utf8')) as Export;
    const rows = (name: string) => splits.find((split) => split.name === name)?.rows;
    assert.ok(said.trim().endsWith(` ${rows('train')} ${rows('test')}`), said);
    await run(program, ['-m', 'shades.verify'], elsewhere);
  });
});
