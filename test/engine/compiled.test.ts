/** Bundles start with what V8 made of them before. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleScript } from '../host/bundleScript';
import { run } from '../host/processes';
import { temporaryFolder } from '../host/workspace';

describe('code that is kept', () => {
  let folder: string;
  let script: string;
  let bundle: string;

  before(async () => {
    folder = await temporaryFolder();
    script = await bundleScript('test/engine/runBundle.ts', folder);
    bundle = path.join(folder, 'bundle.js');
  });
  beforeEach(async () => {
    await rm(path.join(folder, 'cache'), { recursive: true, force: true });
    await says('first');
  });
  after(() => rm(folder, { recursive: true }));

  const says = (word: string): Promise<void> =>
    writeFile(
      bundle,
      `console.log([${JSON.stringify(word)}].concat(module.filename === __filename, require.main).length, '${word}')`,
    );
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const cache = { XDG_CACHE_HOME: path.join(folder, 'cache'), NODE_V8_COVERAGE: '' };
    const stdout = await run(process.execPath, [script, bundle], { env: { ...process.env, ...cache, ...env } });
    return stdout.trim();
  };
  const kept = async (): Promise<string[]> => {
    const code = path.join(folder, 'cache', 'mldata', 'code');
    const names = await readdir(code).catch(() => []);
    return names.map((name) => path.join(code, name));
  };

  it('is used by the next start, which writes nothing', async () => {
    assert.equal(await start(), '3 first');
    const [file = ''] = await kept();
    const { mtimeNs } = await stat(file, { bigint: true });
    assert.equal(await start(), '3 first');
    assert.deepEqual(await kept(), [file]);
    assert.equal((await stat(file, { bigint: true })).mtimeNs, mtimeNs);
  });

  it('is run once, however often it is asked for', async () => {
    const once = 'globalThis.runs = (globalThis.runs ?? 0) + 1; console.log(globalThis.runs); exports.self = module;';
    await writeFile(bundle, `${once} if (require(__filename).self !== module) throw new Error('loaded twice');`);
    assert.equal(await start(), '1');
    assert.equal(await start(), '1');
  });

  it('is not taken for that of another bundle of the same length', async () => {
    await start();
    const [file = ''] = await kept();
    const before = await readFile(file);
    await says('other');
    assert.equal(await start(), '3 other');
    assert.notDeepEqual(await readFile(file), before);
  });

  for (const [what, damage] of [
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['empty', () => Buffer.alloc(0)],
    ['overwritten behind its hash', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(5000, 7)])],
  ] as const) {
    it(`is made again where it is ${what}`, async () => {
      await start();
      const [file = ''] = await kept();
      const whole = await readFile(file);
      await writeFile(file, damage(whole));
      assert.equal(await start(), '3 first');
      assert.equal((await readFile(file)).length, whole.length);
    });
  }

  it('is missed by nobody where nothing can be written', async () => {
    await mkdir(path.join(folder, 'cache'));
    await writeFile(path.join(folder, 'cache', 'mldata'), 'a file');
    assert.equal(await start(), '3 first');
  });

  it('stands back where coverage is recorded', async () => {
    assert.equal(await start({ NODE_V8_COVERAGE: path.join(folder, 'coverage') }), '3 first');
    assert.deepEqual(await kept(), []);
  });
});
