/**
 * Mocha's hooks for all files of this suite: the processes of one test in three write down what they cover. It takes most
 * of them as long as all else they do, and what one test covers, others cover too.
 */
import { createHash } from 'node:crypto';
import type { Context } from 'mocha';

const RECORDED_IN = 3;

let folder: string | undefined;

export const mochaHooks = {
  beforeEach(this: Context): void {
    if (isRecorded(this.currentTest?.fullTitle() ?? '')) return;
    folder = process.env['NODE_V8_COVERAGE'];
    delete process.env['NODE_V8_COVERAGE'];
  },
  afterEach(): void {
    if (folder !== undefined) process.env['NODE_V8_COVERAGE'] = folder;
    folder = undefined;
  },
};

/** By its title, so that it is the same ones each time. */
function isRecorded(title: string): boolean {
  return createHash('md5').update(title).digest().readUInt32LE() % RECORDED_IN === 0;
}
