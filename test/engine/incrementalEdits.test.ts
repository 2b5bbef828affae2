/** After any edit, an incremental build leaves what a build from nothing gives, byte for byte. */
import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { parseConfig } from '../../src/config';
import { buildDataset } from '../../src/engine/build';
import type { DatasetBuild } from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';
import { wholeBuild } from './whole';

const EDITS = 200;
/** Workspaces that are edited side by side: much of a build is waiting for the disk. */
const LANES = 2;
const ARTIFACTS = ['train', 'validation', 'test'].map((name) => `datasets/d/data/${name}.parquet`);

/** Numbers from 0 up to a bound, the same in each run. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A workspace under edits; each method is one kind of edit, and says what it did. */
class Edited {
  private made = 0;

  constructor(
    private readonly space: Workspace,
    private readonly below: (bound: number) => number,
  ) {}

  readonly edits: readonly (() => Promise<string>)[] = [
    () => Promise.resolve('nothing'),
    () => this.onInput('touch', async (path) => utimes(path, this.below(1e9), this.below(1e9))),
    () => this.onInput('copy over itself', async (path) => this.space.write(this.inside(path), await readFile(path))),
    () => this.onInput('edit to the same size', (path) => this.flipDigit(path)),
    () =>
      this.onInput('edit to the same size and date', async (path) => {
        const { atime, mtime } = await stat(path);
        await this.flipDigit(path);
        await utimes(path, atime, mtime);
      }),
    () =>
      this.onInput('append', async (path) => {
        const id = `${1000 + this.made++}`;
        await this.space.write(this.inside(path), `${await readFile(path, 'utf8')}${id},${this.below(9)}\n`);
      }),
    () => this.onInput('rename', (path) => rename(path, this.space.path('raw', `r${this.below(1000)}.csv`))),
    () => this.onInput('delete', (path) => rm(path)),
    async () => {
      const name = `n${this.made++}.csv`;
      await this.space.write(`raw/${name}`, rowsFrom(this.made * 50, this.below));
      return `add ${name}`;
    },
    async () => {
      const seed = this.below(4);
      await this.space.write('.mldata.yaml', split(seed));
      return `seed ${seed}`;
    },
    async () => {
      const factor = this.below(3);
      await this.space.write('.mldata.yaml', split(1, `derive: { column: more, expression: id * ${factor} }`));
      return `factor ${factor}`;
    },
    async () => {
      await this.space.write('.mldata.yaml', split(2, 'standard_scale: { columns: [id] }'));
      return 'scale';
    },
    () =>
      this.onInput('write a word among the numbers', async (path) => {
        await this.space.write(this.inside(path), `${await readFile(path, 'utf8')}${2000 + this.made++},none\n`);
      }),
    async () => {
      const text = await readFile(this.space.path('.mldata.yaml'), 'utf8');
      await this.space.write('.mldata.yaml', `# ${this.below(9)}\n${text}`);
      return 'comment';
    },
    async () => {
      const path = ARTIFACTS[this.below(ARTIFACTS.length)] ?? '';
      await rm(this.space.path(path), { force: true });
      return `delete ${path}`;
    },
    async () => {
      const path = ARTIFACTS[this.below(ARTIFACTS.length)] ?? '';
      const bytes = await readFile(this.space.path(path)).catch(() => Buffer.from('none'));
      const at = this.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await this.space.write(path, bytes);
      return `damage ${path}`;
    },
  ];

  any(): Promise<string> {
    return this.edits[this.below(this.edits.length)]?.() ?? Promise.resolve('nothing');
  }

  private async onInput(what: string, change: (path: string) => Promise<unknown>): Promise<string> {
    const inputs = await this.space.files('raw');
    const name = inputs[this.below(inputs.length)];
    // The last one stays: without any there is nothing to build.
    if (name === undefined || (what === 'delete' && inputs.length === 1)) return 'nothing';
    await change(this.space.path('raw', name));
    return `${what} ${name}`;
  }

  private async flipDigit(path: string): Promise<void> {
    const text = await readFile(path, 'utf8');
    await this.space.write(this.inside(path), text.replace(/\d\n$/, `${this.below(9)}\n`));
  }

  private inside(path: string): string {
    return path.slice(this.space.folder.length + 1);
  }
}

const split = (seed: number, step?: string): string =>
  config(
    'raw',
    `split: { train: 0.6, validation: 0.2, test: 0.2, seed: ${seed} }` +
      (step === undefined ? '' : `\ntransforms: [{ ${step} }]`),
  );

function rowsFrom(first: number, below: (bound: number) => number): string {
  return `id,value\n${Array.from({ length: 20 }, (_, row) => `${first + row},${below(9)}\n`).join('')}`;
}

const outcome = ({ rows, splits, inputs, artifacts }: DatasetBuild): unknown => ({
  rows,
  splits,
  inputs,
  artifacts: artifacts.map(({ path, sha256 }) => `${path} ${sha256}`),
});

describe('incremental builds under edits', () => {
  const workspace = workspaces(here);

  const known = new Map<string, unknown>();

  /** What a build of the inputs and the config comes to that knows of no other. In this process: it is quicker. */
  async function fromNothing(space: Workspace): Promise<unknown> {
    const paths = ['.mldata.yaml', ...(await space.files('raw')).map((name) => `raw/${name}`)];
    const files = await Promise.all(
      paths.map(async (path) => [path, await readFile(space.path(path), 'utf8')] as const),
    );
    const state = JSON.stringify(files);
    if (!known.has(state)) {
      const [spec] = parseConfig(files[0]?.[1] ?? '', space.path('.mldata.yaml')).datasets;
      assert.ok(spec);
      const [scratch, output] = [space.path('anew/scratch'), space.path('anew/output')];
      const staging = `${output}/.mldata-1-00000000`;
      for (const folder of [scratch, staging]) await mkdir(folder, { recursive: true });
      const limits = { threads: 2, memoryLimit: '500MB' };
      const job = { spec, folder: space.folder, ...limits, scratch, output, staging };
      known.set(state, outcome((await buildDataset(job, () => undefined, new AbortController().signal)).build));
      await rm(space.path('anew'), { recursive: true });
    }
    return known.get(state);
  }

  it(`give after each of ${EDITS} random edits what a build from nothing gives`, async () => {
    const statuses = new Set<string>();
    let reused = 0;
    const lane = async (number: number) => {
      const below = generator(20_240_607 + number);
      const inputs = Object.fromEntries(
        [0, 1, 2, 3, 4, 5].map((index) => [`raw/${index}.csv`, rowsFrom(index * 20, below)]),
      );
      const space = await workspace({ ...inputs, '.mldata.yaml': split(1) });
      const edited = new Edited(space, below);
      await space.buildOne();
      for (let turn = 1; turn <= EDITS / LANES; turn++) {
        const what = `workspace ${number}, edit ${turn}: ${await edited.any()}`;
        const build = await space.buildOne();
        statuses.add(build.status);
        reused += build.reused ?? 0;
        assert.deepEqual(outcome(build), await fromNothing(space), what);
        await wholeBuild(space.path('datasets/d'));
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    assert.deepEqual([...statuses].sort(), ['built', 'upToDate']);
    assert.ok(reused > EDITS, `${reused} files were taken from the cache`);
  }).timeout(600_000);
});
