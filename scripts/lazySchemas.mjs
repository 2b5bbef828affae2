/**
 * What zod builds when a file is loaded is built when it is first asked for: a process reads few of the documents there are,
 * and took longer to build the forms of all of them than for the rest of its start.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const standIn = JSON.stringify(fileURLToPath(new URL('./standIn.mjs', import.meta.url)));

/** Plugin of esbuild. Of what stands for a schema `z.toJSONSchema` makes nothing: only scripts call it. */
export const lazySchemas = {
  name: 'lazy-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/](protocol|config|engine)[\\/].*\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes("from 'zod'")) return undefined;
      const contents = schemasIn(ts.createSourceFile(file, text, ts.ScriptTarget.Latest)).reduceRight(
        (made, { pos, end }) => `${made.slice(0, pos)} whenAsked(() => ${made.slice(pos, end)})${made.slice(end)}`,
        text,
      );
      return { contents: `import { whenAsked } from ${standIn};${contents}`, loader: 'ts' };
    });
  },
};

/** Calls that build a schema as soon as the file is loaded, such as `z.string().min(1)` as a whole. */
function schemasIn(node) {
  if (ts.isFunctionLike(node) || ts.isTypeNode(node)) return [];
  if (isSchema(node)) return [node];
  const found = [];
  ts.forEachChild(node, (child) => void found.push(...schemasIn(child)));
  return found;
}

/** `z.string()`, `columnSchema.optional()`, or what `src/config/words.ts` makes of some. */
function isSchema(node) {
  if (!ts.isCallExpression(node)) return false;
  const { expression: callee } = node;
  if (ts.isIdentifier(callee)) return /^(worded|oneOrMany)$/.test(callee.text);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { expression: of } = callee;
  return ts.isIdentifier(of) ? /^z$|Schema$/.test(of.text) : isSchema(of);
}
