/** Which processes record what they cover: those that tests start do, unless the tests say otherwise. */

/**
 * In this suite they don't: there are many, or they are killed, and other suites record what they run. For recording,
 * most processes live twice as long.
 */
export function withoutRecording(): void {
  const folder = process.env['NODE_V8_COVERAGE'];
  before(() => {
    delete process.env['NODE_V8_COVERAGE'];
  });
  after(() => {
    if (folder !== undefined) process.env['NODE_V8_COVERAGE'] = folder;
  });
}
