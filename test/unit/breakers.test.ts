import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { retryAfterMs } from '../../src/engine/fetch/backoff';
import { Breakers } from '../../src/engine/fetch/breakers';
import { Fault } from '../../src/engine/fetch/faults';
import { USUAL } from '../../src/engine/fetch/timing';
import { MldataError } from '../../src/protocol';

describe('a host that fails', () => {
  const origin = 'https://example.org';
  let breakers: Breakers;
  let log: string[];
  let asked: number;
  const fails = () => {
    asked++;
    return Promise.reject(new Fault('the server answered 502', { ofHost: true }));
  };
  const ask = <T>(request: () => Promise<T>) => breakers.ask(origin, request, (line) => log.push(line));
  const state = () => breakers.states()[0]?.state;
  const failing = async (times: number) => {
    for (let time = 0; time < times; time++) await assert.rejects(ask(fails), Fault);
  };
  const isLeftAlone = (error: unknown) => error instanceof MldataError && error.code === 'host-failing';

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    [log, asked] = [[], 0];
    breakers = new Breakers(USUAL.breaker);
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it('is asked until it failed five times in a row, and then not for a minute', async () => {
    await failing(4);
    await ask(() => Promise.resolve());
    await failing(5);
    assert.equal(state(), 'open');
    mock.timers.tick(59_000);
    await assert.rejects(ask(fails), (error) => {
      assert.match((error as Error).message, /failed 5 times in a row \(the server answered 502\) .* another 1 s/);
      return isLeftAlone(error);
    });
    assert.equal(asked, 9);
    assert.deepEqual(log, [`${origin} failed 5 times in a row: not asked for 60 s`]);
  });

  it('is asked once after that, and left alone for another minute where it fails again', async () => {
    await failing(5);
    mock.timers.tick(60_000);
    assert.equal(state(), 'halfOpen');
    await assert.rejects(ask(fails), Fault);
    assert.equal(asked, 6);
    assert.equal(state(), 'open');
    mock.timers.tick(59_000);
    await assert.rejects(ask(fails), isLeftAlone);
    assert.equal(asked, 6);
  });

  it('is asked by one at a time until it answers', async () => {
    await failing(5);
    mock.timers.tick(60_000);
    let answer: () => void = () => undefined;
    let now = 0;
    const request = () => {
      now++;
      return new Promise<void>((resolve) => (answer = resolve));
    };
    const first = ask(request);
    const second = ask(() => Promise.resolve('second'));
    await new Promise(setImmediate);
    assert.equal(now, 1);
    assert.equal(state(), 'halfOpen');
    answer();
    await first;
    assert.equal(await second, 'second');
    assert.equal(state(), 'closed');
    assert.equal(log.at(-1), `${origin} answers again`);
  });

  it('says nothing about another one', async () => {
    await failing(5);
    assert.equal(
      await breakers.ask(
        'https://example.com',
        () => Promise.resolve('here'),
        () => undefined,
      ),
      'here',
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const cases: [string | undefined, number | undefined][] = [
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['0', undefined],
    ['Wed, 31 Dec 2025 00:00:00 GMT', undefined],
    ['-1', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ];
  for (const [header, ms] of cases) {
    it(`${header ?? 'that is not there'} is ${ms === undefined ? 'no time to wait' : `${ms} ms`}`, () => {
      assert.equal(retryAfterMs(header, now), ms);
    });
  }
});
