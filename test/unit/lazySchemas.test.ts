/** In the bundles schemas are built when they are first asked for; they say what they say here. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { build } from 'esbuild';
import { keysAt, parseConfig, parseUserConfig } from '../../src/config';
import { formsAt, keyForms, namedBy, shapesOf } from '../../src/config/language/forms';
import { writtenSchema } from '../../src/config/written';
import * as protocol from '../../src/protocol';
import { lazySchemas } from '../../scripts/lazySchemas.mjs';

const source = { keysAt, parseConfig, parseUserConfig, formsAt, keyForms, namedBy, shapesOf, writtenSchema, protocol };
type Bundled = typeof source;

const root = path.resolve(__dirname, '..', '..');
const entry = `
  export { keysAt, parseConfig, parseUserConfig } from './src/config';
  export { formsAt, keyForms, namedBy, shapesOf } from './src/config/language/forms';
  export { writtenSchema } from './src/config/written';
  export * as protocol from './src/protocol';`;

async function bundled(): Promise<Bundled> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root },
    ...{ bundle: true, write: false, platform: 'node', format: 'cjs', plugins: [lazySchemas] },
  });
  const module = { exports: {} };
  const run = compileFunction(outputFiles[0]?.text ?? '', ['module', 'require']) as (...given: unknown[]) => void;
  run(module, createRequire(__filename));
  return module.exports as Bundled;
}

/** What each key may hold, in the words that people read. */
function wordsOf({ writtenSchema: config, keyForms: keysOf, shapesOf: shapes, namedBy: named }: Bundled): string[] {
  const said: string[] = [];
  const visit = (forms: Parameters<typeof keysOf>[0], at: string): void => {
    for (const { key, description, required, forms: below } of keysOf(forms)) {
      said.push(`${at}.${key} ${required} ${below.map((form) => named(form)).join()}: ${description}`);
      visit(below, `${at}.${key}`);
    }
  };
  visit(shapes(config), '');
  return said;
}

describe('schemas in the bundles', () => {
  let bundle: Bundled;
  before(async () => {
    bundle = await bundled();
  });

  it('describe every key of the config in the same words', () => {
    const said = wordsOf(bundle);
    assert.deepEqual(said, wordsOf(source));
    assert.ok(said.length > 100);
  });

  const broken = `version: 2
defaults: { split: { train: most }, output: { compression: best, formats: [] } }
datasets:
  a b: { source: 1 }
  wine:
    source: { paths: x.csv, options: { quote: '""', skipLines: -1 } }
    schema: { columns: { price: { type: money }, name: [] }, primaryKey: {} }
    transforms: [{ drop: { colums: a } }, { sql: 3 }, standardScale, { one_hot: { columns: [] } }]
    checks: { missing: { error: 200% }, leakage: 1, files: { timeout: soon } }
    drift: { thresholds: { psi: [1] }, bins: 1 }
    tracking: { gitLfs: { threshold: big } }
`;
  for (const parse of ['parseConfig', 'parseUserConfig'] as const) {
    it(`find the same faults: ${parse}`, () => {
      const { findings } = bundle[parse](broken, 'mldata.yaml');
      assert.deepEqual(findings, source[parse](broken, 'mldata.yaml').findings);
      assert.ok(findings.length > 2);
    });
  }

  it('take and refuse the same documents', () => {
    const schemas = Object.entries(protocol).filter(([name]) => name.endsWith('Schema'));
    assert.ok(schemas.length > 50);
    for (const [name, schema] of schemas as unknown as [keyof typeof protocol, typeof protocol.manifestSchema][]) {
      const other = bundle.protocol[name] as unknown as typeof schema;
      for (const document of [{}, [], 'x', { columns: [{}], datasets: [{}], findings: [{}], rows: -1 }]) {
        assert.deepEqual(other.safeParse(document).error?.issues, schema.safeParse(document).error?.issues, name);
      }
    }
  });
});
