/** Vega as browsers get it, in one piece: its packages for Node cannot be loaded by `require`. */
import { buildSync } from 'esbuild';
import path from 'node:path';
import type { parse as parseVega } from 'vega';
import type { compile as compileVegaLite, TopLevelSpec } from 'vega-lite';

interface Vega {
  readonly compile: typeof compileVegaLite;
  readonly parse: typeof parseVega;
}

const { outputFiles } = buildSync({
  stdin: {
    contents: `export { compile } from 'vega-lite'; export { parse } from 'vega';`,
    resolveDir: path.join(__dirname, '..', '..', '..'),
  },
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'browser',
  logLevel: 'error',
});
const loaded = { exports: {} };
// eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
new Function('module', 'exports', outputFiles[0]?.text ?? '')(loaded, loaded.exports);

const { compile, parse } = loaded.exports as Vega;

/** What Vega-Lite has to say against a specification. */
export function complaints(spec: TopLevelSpec): string[] {
  const said: string[] = [];
  const say = (...words: readonly unknown[]) => {
    said.push(words.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: say, warn: say, info: () => logger, debug: () => logger };
  parse(compile(spec, { logger }).spec, undefined, { ast: true });
  return said;
}
