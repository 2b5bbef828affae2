import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { BuildProgress } from '../../../src/engine/build/progress';
import { buildSteps, type Progress } from '../../../src/protocol';

describe('the progress of a build', () => {
  let now = 0;
  let seen: Progress[] = [];
  beforeEach(() => {
    now = 1000;
    seen = [];
    mock.method(performance, 'now', () => now);
  });
  afterEach(() => {
    mock.restoreAll();
  });
  const progress = (totalBytes = 0) =>
    new BuildProgress(
      'd',
      () => totalBytes,
      (next) => seen.push(next),
    );

  it('never falls, even where an estimate does', () => {
    const build = progress();
    for (const step of buildSteps) {
      build.begin(step);
      for (const within of [0.2, 0.9, 0.1, -1, 5, 0.5]) build.report(within);
    }
    const fractions = seen.map(({ fraction }) => fraction);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    assert.equal(fractions[0], 0);
    assert.equal(fractions.at(-1), 1);
  });

  it('says nothing before the first step', () => {
    progress().report(0.5);
    assert.deepEqual(seen, []);
  });

  it('estimates the time left from the pace, down to 0', () => {
    const build = progress();
    build.begin('read');
    // One percent of the step a second.
    for (let percent = 1; percent <= 100; percent++) {
      now += 1000;
      build.report(percent / 100);
    }
    const estimates = seen.flatMap(({ etaSeconds }) => etaSeconds ?? []);
    assert.equal(seen[0]?.etaSeconds, undefined, 'two points make no pace');
    for (const [index, seconds] of estimates.slice(1).entries()) {
      assert.ok(seconds <= (estimates[index] ?? 0), `${seconds} s left after ${estimates[index]} s`);
    }
    // Reading ends at 45 % of the whole, which began at 2 %: the rest takes 55/0.43 s at this pace.
    assert.equal(estimates.at(-1), Math.round(55 / 0.43));
    for (const step of buildSteps.slice(buildSteps.indexOf('read') + 1)) {
      now += 1000;
      build.begin(step);
    }
    now += 1000;
    build.report(1);
    assert.equal(seen.at(-1)?.etaSeconds, 0);
  });

  it('gives no estimate while nothing moves', () => {
    const build = progress();
    build.begin('read');
    for (let tick = 0; tick < 30; tick++) {
      now += 100;
      build.report(0);
    }
    assert.ok(seen.every(({ etaSeconds }) => etaSeconds === undefined));
  });

  it('measures bytes and pace of reading, and of reading only', () => {
    const build = progress(1000);
    build.begin('read');
    now += 100;
    build.report(0.1, 'a.csv');
    assert.deepEqual([seen.at(-1)?.bytes, seen.at(-1)?.bytesPerSecond, seen.at(-1)?.detail], [100, undefined, 'a.csv']);
    now += 400;
    build.report(0.5);
    assert.deepEqual([seen.at(-1)?.bytes, seen.at(-1)?.bytesPerSecond], [500, 1000]);
    build.begin('write');
    build.report(0.5);
    assert.deepEqual([seen.at(-1)?.bytes, seen.at(-1)?.bytesPerSecond], [undefined, undefined]);
  });

  it('measures each step, the current one included', () => {
    const build = progress();
    build.begin('resolve');
    now += 10;
    build.begin('read');
    now += 250;
    build.begin('enforce');
    now += 40;
    assert.deepEqual(build.steps(), [
      { step: 'resolve', durationMs: 10 },
      { step: 'read', durationMs: 250 },
      { step: 'enforce', durationMs: 40 },
    ]);
  });
});
