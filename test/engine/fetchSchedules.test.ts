import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { bundleScript } from '../host/bundleScript';
import { withoutRecording } from '../host/recording';
import { MisbehavingServer } from '../host/misbehavingServer';
import { temporaryFolder } from '../host/workspace';
import { runSchedule, type Came } from './fetchSchedules';

const SCHEDULES = 200;

describe('fetching on bad days', () => {
  withoutRecording();
  let server: MisbehavingServer;
  let came: Came[];

  before(async function () {
    this.timeout(300_000);
    server = await MisbehavingServer.start();
    const folder = await temporaryFolder();
    const script = await bundleScript(join(__dirname, 'fetchAndDie.ts'), folder);
    const limit = pLimit(4 * availableParallelism());
    came = await limit.map(
      Array.from({ length: SCHEDULES }, (_, seed) => seed),
      (seed) => runSchedule(seed, server, folder, script),
    );
  });
  after(() => server.stop());

  it(`gives bytes that the server had, or says why not, on ${SCHEDULES} of them`, () => {
    assert.equal(came.length, SCHEDULES);
  });

  it('comes through most of them', () => {
    const whole = came.filter(({ outcome }) => outcome === 'whole').length;
    assert.ok(whole > SCHEDULES / 2, `${whole} came through at once`);
  });

  for (const says of [
    /resuming from \d+ %/,
    /changed on the server: starting over/,
    /the server does not resume: starting over/,
    /the server sent another range .*: starting over/,
    /no byte came for .*; trying again/,
    /the server answered 50\d; trying again/,
  ]) {
    it(`says so where it was so: ${says.source}`, () => {
      assert.ok(came.some(({ log }) => log.some((line) => says.test(line))));
    });
  }

  it('says of each that it gave up why', () => {
    for (const { outcome, why } of came) if (outcome !== 'whole') assert.match(why ?? '', /^[A-Zh].{20,}\.$/);
  });
});
