/** VS Code makes links of `[label](command:id)` in notifications, and a click on one runs the command. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plain } from '../../../src/extension/plain';

/** VS Code's own, from `linkedText.ts`. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('notifications', () => {
  for (const text of [
    '[Fix it](command:workbench.action.quit)',
    'Column [a](command:b) and [c](https://example.org "d").',
    '[[a](command:b)](command:c)',
  ]) {
    it(`show ${text} as text`, () => {
      assert.match(text, link);
      assert.doesNotMatch(plain(text), link);
    });
  }

  it('leave other texts as they are', () => {
    assert.equal(plain('Built [a] (b), c[0]: 1 row.'), 'Built [a] (b), c[0]: 1 row.');
  });

  it('are shown by one file, which lets no link through', () => {
    const folder = path.resolve(__dirname, '..', '..', '..', 'src', 'extension');
    const speaking = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        /window\s*\.(show\w+Message|withProgress)/.test(readFileSync(path.join(folder, file), 'utf8')),
    );
    assert.deepEqual(speaking, ['notifications.ts']);
  });
});
