/** What people read of the extension is complete, and can be translated. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..', '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = read('package.json');
const words = JSON.parse(read('package.nls.json')) as Record<string, string>;

/** The texts given to `l10n.t` in a source file. */
function translated(file: string): string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'l10n.t') {
      const [text] = node.arguments;
      assert.ok(text && ts.isStringLiteralLike(text), `${file}: ${node.getText()} is not a plain text`);
      found.push(text.text);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** The extension gives its pages the same bundle. */
const sources = [path.join('src', 'extension'), 'webview'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file)),
);

describe('the words of the extension', () => {
  it('are all in the bundle for translators, and no others', () => {
    const bundle = JSON.parse(read('l10n/bundle.l10n.json')) as Record<string, string>;
    assert.deepEqual(Object.keys(bundle).sort(), [...new Set(sources.flatMap(translated))].sort());
  });

  it('exist for every name that package.json uses, and for no other', () => {
    const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
  });

  it('never shout', () => {
    const texts = [...Object.values(words), ...sources.flatMap(translated)];
    assert.deepEqual(
      texts.filter((text) => /!(?!isWorkspace)|successful|oops/i.test(text)),
      [],
    );
  });
});
