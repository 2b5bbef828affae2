import assert from 'node:assert/strict';
import type { Limits } from '../../../src/engine/limits';
import { sideBySide, type Outcome, type Task } from '../../../src/engine/sideBySide';

interface Told extends Outcome {
  readonly what: string;
}

const tasks = (needs: Readonly<Record<string, string>>, after: Readonly<Record<string, string>> = {}): Task[] =>
  Object.entries(needs).map(([name, all]) => ({
    name,
    needs: all.split(' ').filter(Boolean),
    after: (after[name] ?? '').split(' ').filter(Boolean),
  }));

/** Work that ends when it is told to, and what was started with which share of the machine. */
class Bench {
  readonly started: string[] = [];
  private readonly ends = new Map<string, (outcome: Partial<Outcome> | Error) => void>();

  constructor(private readonly keepGoing = false) {}

  go(all: readonly Task[], limits: Limits): Promise<Told[]> {
    return sideBySide<Task, Told>(all, limits, {
      run: ({ name }, { threads, memoryLimit }) => {
        this.started.push(`${name} ${threads} ${memoryLimit}`);
        return new Promise((done, fail) => {
          this.ends.set(name, (outcome) => {
            if (outcome instanceof Error) fail(outcome);
            else done({ failed: false, ...outcome, what: outcome.failed ? `${name} failed` : name });
          });
        });
      },
      leaveOut: ({ name }, because) => ({ failed: true, what: `${name} without ${because.name}` }),
      keepGoing: this.keepGoing,
    });
  }

  async end(name: string, outcome: Partial<Outcome> | Error = {}): Promise<void> {
    await settled();
    const end = this.ends.get(name);
    assert.ok(end, `${name} was not started: ${this.started.join(', ')}`);
    end(outcome);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));
const limits = (threads: number, memoryLimit = '64GB'): Limits => ({ threads, memoryLimit });
const what = (all: readonly Told[]): string[] => all.map((one) => one.what);

describe('work on several things at once', () => {
  const shares: [name: string, limits: Limits, needs: Readonly<Record<string, string>>, started: string[]][] = [
    ['all of it for one', limits(8, '4GB'), { a: '' }, ['a 8 4GB']],
    ['the same for each', limits(4, '4GB'), { a: '', b: '' }, ['a 2 2000MB', 'b 2 2000MB']],
    ['every thread once', limits(8, '8GB'), { a: '', b: '', c: '' }, ['a 2 2000MB', 'b 3 3000MB', 'c 3 3000MB']],
    ['no more than there are threads', limits(2), { a: '', b: '', c: '' }, ['a 1 32000MB', 'b 1 32000MB']],
    ['no more than there is memory for', limits(8, '1GiB'), { a: '', b: '', c: '' }, ['a 4 536MB', 'b 4 536MB']],
    ['one after the other with little memory', limits(8, '512MB'), { a: '', b: '' }, ['a 8 512MB']],
    ['all of it for what others wait for', limits(4, '4GB'), { a: 'c', b: 'c', c: '' }, ['c 4 4GB']],
  ];
  for (const [name, given, needs, started] of shares) {
    it(`divides the machine: ${name}`, async () => {
      const bench = new Bench();
      void bench.go(tasks(needs), given);
      await settled();
      assert.deepEqual(bench.started, started);
    });
  }

  it('starts the next as soon as there is room, and answers in the order of the tasks', async () => {
    const bench = new Bench();
    const all = bench.go(tasks({ a: 'c', b: '', c: '', d: '' }), limits(2, '2GB'));
    await bench.end('c');
    assert.deepEqual(bench.started, ['b 1 1000MB', 'c 1 1000MB', 'a 1 1000MB']);
    await bench.end('b');
    await bench.end('d');
    await bench.end('a');
    assert.deepEqual(what(await all), ['a', 'b', 'c', 'd']);
  });

  it('does not start a task before those it comes after, though it does not need them', async () => {
    const bench = new Bench(true);
    const all = bench.go(tasks({ a: '', b: '' }, { b: 'a' }), limits(2));
    await bench.end('a', { failed: true });
    await bench.end('b');
    assert.deepEqual(what(await all), ['a failed', 'b']);
  });

  const failures: [keepGoing: boolean, outcome: string[]][] = [
    [false, ['grandchild without child', 'child without a', 'a failed', 'running', 'waiting without a']],
    [true, ['grandchild without child', 'child without a', 'a failed', 'running', 'waiting']],
  ];
  for (const [keepGoing, outcome] of failures) {
    it(`lets what runs come to its end after a failure, and ${keepGoing ? 'goes on' : 'starts nothing else'}`, async () => {
      const bench = new Bench(keepGoing);
      const needs = { grandchild: 'child', child: 'a', a: '', running: '', waiting: '' };
      const all = bench.go(tasks(needs), limits(2));
      await bench.end('a', { failed: true });
      await bench.end('running');
      if (keepGoing) await bench.end('waiting');
      assert.deepEqual(what(await all), outcome);
    });
  }

  it('tries what its share did not suffice for again by itself, with the whole machine', async () => {
    const bench = new Bench();
    const all = bench.go(tasks({ a: '', b: '', c: 'a' }), limits(2, '2GB'));
    await bench.end('a', { failed: true, tooSmall: true });
    assert.deepEqual(bench.started, ['a 1 1000MB', 'b 1 1000MB']);
    await bench.end('b');
    assert.deepEqual(bench.started.slice(2), ['a 2 2GB']);
    await bench.end('a', { failed: true, tooSmall: true });
    assert.deepEqual(what(await all), ['a failed', 'b', 'c without a']);
  });

  it('starts nothing after a rejection, and passes it on once nothing runs', async () => {
    const bench = new Bench();
    let over = false;
    const all = bench.go(tasks({ a: '', b: '', c: '' }), limits(2)).finally(() => (over = true));
    all.catch(() => undefined);
    await bench.end('a', new Error('stop'));
    assert.equal(over, false);
    await bench.end('b');
    await assert.rejects(all, /stop/);
    assert.equal(bench.started.length, 2);
  });

  it('refuses tasks that wait for each other', async () => {
    await assert.rejects(new Bench().go(tasks({ a: 'b', b: 'a' }), limits(2)), /wait for each other/);
  });
});
