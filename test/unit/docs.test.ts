import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';

const repository = path.join(__dirname, '..', '..');

/** `test/….ts` in back quotes, and the quoted titles that follow it up to the next file, list item or cell. */
const named = /`(test\/[^`]+\.ts)`((?:[^`|]|`(?!test\/))*?)(?=`test\/|\n[-*#]|\||$)/g;

describe('the documents', () => {
  it('name tests that exist, by the titles they have', async () => {
    const missing: string[] = [];
    for (const document of await glob('{*.md,docs/**/*.md}', { cwd: repository })) {
      const text = await readFile(path.join(repository, document), 'utf8');
      for (const [, file = '', after = ''] of text.matchAll(named)) {
        const source = await readFile(path.join(repository, file), 'utf8').catch(() => undefined);
        if (source === undefined) missing.push(`${document}: ${file}`);
        for (const [, title = ''] of after.matchAll(/"([^"]+)"/g)) {
          const flat = title.replaceAll(/\s+/g, ' ');
          if (source !== undefined && !source.replaceAll("\\'", "'").includes(flat)) {
            missing.push(`${document}: ${file}: "${flat}"`);
          }
        }
      }
    }
    assert.deepEqual(missing, []);
  });

  it('link to files that exist', async () => {
    const broken: string[] = [];
    for (const document of await glob('{*.md,docs/**/*.md,examples/**/*.md}', { cwd: repository })) {
      const text = await readFile(path.join(repository, document), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        if (!existsSync(path.join(repository, path.dirname(document), target))) broken.push(`${document}: ${target}`);
      }
    }
    assert.deepEqual(broken, []);
  });
});
