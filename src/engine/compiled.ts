/**
 * Loads a bundle as `require` does, with what V8 compiled of it before: half of a short command's time would go to
 * compiling again. What Node ≥ 22.8 has for this is not in Node 20.
 */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import envPaths from 'env-paths';

/** The SHA-256 of the source stands ahead of the code: V8 itself compares only lengths. */
const HASH_BYTES = 32;

/** Loads the CommonJS bundle `file` (an absolute path), which whoever requires it later shares. */
export function runCompiled(file: string): unknown {
  const load = createRequire(file);
  // Coverage is recorded of what Node itself has loaded.
  if (process.env['NODE_V8_COVERAGE']) return load(file);
  const source = readFileSync(file);
  const hash = createHash('sha256').update(source).digest();
  const kept = join(envPaths('mldata', { suffix: '' }).cache, 'code', nameOf(file));
  const cachedData = codeKept(kept, hash);
  const script = new Script(wrapped(source), {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (!cachedData || script.cachedDataRejected) {
    // At the end, so that the functions that were called are in it.
    process.once('exit', () => {
      keepCode(kept, [hash, script.createCachedData()]);
    });
  }
  const module = new Module(file);
  module.filename = file;
  load.cache[file] = module;
  const run = script.runInThisContext() as (...parts: unknown[]) => void;
  run.call(module.exports, module.exports, load, module, file, dirname(file));
  module.loaded = true;
  return module.exports;
}

/** As `Module.wrap` does it. What is all ASCII, as bundles are, takes V8 no room of its heap, which it would clear up sooner. */
function wrapped(source: Buffer): string {
  const [head = '', tail = ''] = Module.wrap('\0').split('\0');
  const bytes = Buffer.concat([Buffer.from(head), source, Buffer.from(tail)]);
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

/** One file for each bundle where it is installed, and each V8: an update takes its place. */
function nameOf(file: string): string {
  return createHash('sha256').update([file, process.arch, process.versions.v8].join('\0')).digest('hex');
}

function codeKept(kept: string, hash: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    return bytes.subarray(0, HASH_BYTES).equals(hash) ? bytes.subarray(HASH_BYTES) : undefined;
  } catch {
    return undefined;
  }
}

/** Where there is no room or no right to write, the next start compiles again. */
function keepCode(kept: string, bytes: readonly Buffer[]): void {
  const draft = `${kept}.${process.pid}`;
  try {
    mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
    writeFileSync(draft, Buffer.concat(bytes));
    renameSync(draft, kept);
  } catch {
    if (existsSync(draft)) rmSync(draft);
  }
}
