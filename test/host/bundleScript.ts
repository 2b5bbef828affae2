/** Scripts that tests start again and again. */
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import external from '../../scripts/external.json';

/** Leaves out what a script does not use, also of modules that do something when they are loaded. */
const lean: Plugin = {
  name: 'lean',
  setup: (bundling) => {
    bundling.onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === lean || kind === 'entry-point') return undefined;
      const found = await bundling.resolve(path, { kind, importer, resolveDir, pluginData: lean });
      return { ...found, sideEffects: false };
    });
  },
};

/** A script, bundled into a folder so that each of its many processes starts quickly. */
export async function bundleScript(script: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(script, '.ts')}.cjs`);
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external,
    treeShaking: true,
    plugins: [lean],
    logLevel: 'error',
  });
  return outfile;
}
