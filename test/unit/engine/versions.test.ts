/** Ids of versions, names for them, and the file that is in git. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionId } from '../../../src/engine/manifest';
import { idOf, splitReference, tagged, tagsOf, VersionsFile, type Known } from '../../../src/engine/versions';
import type { Manifest } from '../../../src/protocol';

const spec: Manifest['config'] = {
  name: 'd',
  source: [{ path: 'a.csv', options: {} }],
  schema: { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'fail' },
  output: { formats: [{ format: 'csv', compression: { codec: 'none' } }], path: 'datasets/d' },
};

/** A build that wrote these bytes. */
function manifestOf(content: string, more: Partial<Manifest> = {}): Manifest {
  const file = { bytes: content.length, sha256: content.padEnd(64, '0'), md5: '' };
  return {
    kind: 'mldata/manifest',
    version: 1,
    createdAt: '2026-01-02T03:04:05.000Z',
    tool: { name: 'mldata', version: '0' },
    engine: { duckdb: '1', node: '20', platform: 'any' },
    dataset: 'd',
    rows: 3,
    config: spec,
    inputs: [{ path: 'a.csv', bytes: 1, sha256: '1', format: 'csv', rows: 3, rejected: 0 }],
    columns: [],
    splits: [],
    artifacts: [{ path: 'data/data.csv', kind: 'data', format: 'csv', rows: 3, ...file }],
    findings: [],
    ...more,
  };
}

describe('the id of a version', () => {
  const id = versionId(manifestOf('a'));
  for (const [what, other] of [
    ['the date', { createdAt: '2027-01-01T00:00:00.000Z' }],
    ['the machine', { engine: { duckdb: '2', node: '22', platform: 'other' } }],
    ['what it took the place of', { parent: 'f'.repeat(16) }],
    ['the order of keys', { config: Object.fromEntries(Object.entries(spec).reverse()) as typeof spec }],
  ] as const)
    it(`does not depend on ${what}`, () => {
      assert.equal(versionId(manifestOf('a', other)), id);
    });

  const [input] = manifestOf('a').inputs;
  const different: readonly (readonly [string, Partial<Manifest>])[] = [
    ['the config', { config: { ...spec, description: 'x' } }],
    ['the bytes of an input', { inputs: input ? [{ ...input, sha256: '2' }] : [] }],
    ['the bytes of a file that the config names', { references: [{ path: 'i.csv', bytes: 1, sha256: '3' }] }],
    ['the name of the dataset', { dataset: 'e' }],
  ];
  for (const [what, other] of different)
    it(`depends on ${what}`, () => {
      assert.notEqual(versionId(manifestOf('a', other)), id);
    });

  it('depends on the bytes that came out', () => {
    assert.notEqual(versionId(manifestOf('b')), id);
  });
});

describe('versions.yaml', () => {
  let folder: string;
  const path = () => join(folder, 'versions.yaml');
  const read = () => VersionsFile.read(folder, 'd');
  const [a, b, c] = ['a', 'b', 'c'].map((content) => manifestOf(content)) as [Manifest, Manifest, Manifest];
  const [idA, idB, idC] = [a, b, c].map(versionId) as [string, string, string];
  const note = async (...manifests: Manifest[]) => {
    const file = await read();
    for (const manifest of manifests) file.note(manifest, 'build');
    await file.save(join(folder, '.staging'));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has one line for each version and each move, and the same text for the same builds', async () => {
    await note(a, b, a);
    const at = '2026-01-02T03:04:05.000Z';
    const lines = (await readFile(path(), 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(lines, [
      'kind: mldata/versions',
      'version: 1',
      'dataset: d',
      'versions:',
      `  - { id: ${idA}, createdAt: ${at}, rows: 3, bytes: 1 }`,
      `  - { id: ${idB}, createdAt: ${at}, rows: 3, bytes: 1 }`,
      'history:',
      `  - { version: ${idA}, at: ${at}, by: build }`,
      `  - { version: ${idB}, at: ${at}, by: build }`,
      `  - { version: ${idA}, at: ${at}, by: build }`,
      'tags:',
    ]);
  });

  it('is not touched by a build that it knows', async () => {
    await note(a);
    const text = await readFile(path(), 'utf8');
    await note(a, a);
    assert.equal(await readFile(path(), 'utf8'), text);
  });

  it('keeps what people write into it', async () => {
    await note(a);
    const text = (await readFile(path(), 'utf8')).replace('history:', '# the baseline of the paper\nhistory:');
    await writeFile(path(), text.replace('bytes: 1 }', 'bytes: 1 } # good one'));
    await note(b);
    const after = await readFile(path(), 'utf8');
    assert.match(after, /bytes: 1 \} # good one\n.*(?:.*\n)*# the baseline of the paper\nhistory:/);
    assert.equal((await read()).content.versions.length, 2);
  });

  it('keeps what it does not know, and what a newer mldata adds', async () => {
    await note(a);
    const text = (await readFile(path(), 'utf8')).replace('bytes: 1 }', 'bytes: 1, note: good one }');
    await writeFile(path(), `${text}newer: { key: 1 }\n`);
    await note(b);
    const after = await readFile(path(), 'utf8');
    assert.match(after, /bytes: 1, note: good one \}/);
    assert.match(after, /^newer: \{ key: 1 \}$/m);
  });

  it('is merged line by line: what two branches added is all there', async () => {
    await note(a);
    const [base, ours, theirs] = ['base', 'ours', 'theirs'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(base, await readFile(path()));
    await note(b);
    const file = await read();
    file.move('production', idB);
    await file.save(join(folder, '.staging'));
    await writeFile(ours, await readFile(path()));
    await writeFile(path(), await readFile(base));
    await note(c);
    const other = await read();
    other.move('staging', idC);
    await other.save(join(folder, '.staging'));
    await writeFile(theirs, await readFile(path()));
    await writeFile(path(), execFileSync('git', ['merge-file', '-p', '--union', ours, base, theirs]));
    const { content } = await read();
    assert.deepEqual(
      content.versions.map(({ id }) => id),
      [idA, idB, idC],
    );
    assert.deepEqual([tagged(content, 'production'), tagged(content, 'staging')], [idB, idC]);
  });

  for (const [what, change, code, says] of [
    [
      'both sides of a merge',
      (text: string) => text.replace('history:', '<<<<<<< HEAD\nhistory:'),
      'versions-conflict',
      /versions\.yaml:10: A merge left both sides/,
    ],
    ['no YAML', (text: string) => text.replace('history:', 'history: ]'), 'versions-unreadable', /versions\.yaml:10: /],
    [
      'an alias',
      (text: string) => text.replace('dataset: d', 'dataset: &d d\nother: *d'),
      'versions-unreadable',
      /versions\.yaml: .*alias/i,
    ],
    [
      'more brackets than can be read',
      (text: string) => `${text}\nmore: ${'['.repeat(20_000)}`,
      'versions-unreadable',
      /versions\.yaml: .*nests too deeply/,
    ],
    ['no list of versions at all', () => 'words', 'versions-unreadable', /cannot be read: Invalid/],
    [
      'another kind of entry',
      (text: string) => text.replace('rows: 3', 'rows: many'),
      'versions-unreadable',
      /versions\.yaml:6: .*versions\.0\.rows/,
    ],
    [
      'an id that is none',
      (text: string) => text.replace(idA, '../../x'),
      'versions-unreadable',
      /versions\.yaml:6: .*versions\.0\.id/,
    ],
    [
      'another version of the format',
      (text: string) => text.replace('version: 1\n', 'version: 2\n'),
      'versions-unreadable',
      /versions\.yaml:3: /,
    ],
  ] as const)
    it(`says where it holds ${what}`, async () => {
      await note(a);
      await writeFile(path(), change(await readFile(path(), 'utf8')));
      await assert.rejects(read(), (error: { code: string; kind: string; message: string }) => {
        assert.deepEqual([error.code, error.kind], [code, 'config']);
        assert.match(error.message, says);
        return true;
      });
    });

  it('is not waited for where it is a pipe', async () => {
    execFileSync('mkfifo', [path()]);
    await assert.rejects(read(), { code: 'versions-unreadable', message: /it is no regular file/ });
  });

  describe('names', () => {
    const known = async (standing?: Manifest): Promise<Known> => ({
      place: { dataset: 'd', output: folder, folder } as Known['place'],
      file: await read(),
      ...(standing && { standing: { id: versionId(standing), manifest: standing } }),
    });

    it('are an id, the beginning of one, a tag, `current` and `previous`', async () => {
      await note(a, b, c);
      const file = await read();
      file.move('production', idA);
      await file.save(join(folder, '.staging'));
      const versions = await known(c);
      const names = [idB, idB.slice(0, 6), 'production', 'current', 'previous'];
      assert.deepEqual(
        names.map((name) => idOf(versions, name)),
        [idB, idB, idA, idC, idB],
      );
    });

    it('give with `previous` what stood there before, also after a version was restored', async () => {
      await note(a, b, a);
      assert.equal(idOf(await known(a), 'previous'), idB);
    });

    it('are refused where they mean nothing, or more than one version', async () => {
      await note(a, b, c);
      const versions = await known();
      for (const name of ['nobody', 'current', 'ffffffffffffffff0'])
        assert.throws(() => idOf(versions, name), { code: 'version-unknown', kind: 'usage' });
    });

    it('are refused where more than one id begins so', async () => {
      // Of 17 ids two begin with the same digit.
      const many = Array.from({ length: 17 }, (_, index) => manifestOf(String(index)));
      await note(...many);
      const firsts = many.map((manifest) => versionId(manifest).slice(0, 1));
      const shared = firsts.find((digit, index) => firsts.indexOf(digit) !== index) ?? '';
      const versions = await known();
      assert.throws(() => idOf(versions, shared), {
        code: 'version-ambiguous',
        kind: 'usage',
        message: /Give more digits/,
      });
    });

    it('go back step by step when a tag is rolled back, and forward from there', async () => {
      await note(a, b, c);
      const file = await read();
      for (const id of [idA, idB, idC]) file.move('t', id);
      assert.deepEqual(tagsOf(file.content, idC), ['t']);
      file.move('t', idB, true);
      assert.equal(tagged(file.content, 't'), idB);
      file.move('t', idA, true);
      assert.equal(tagged(file.content, 't'), idA);
      file.move('t', idC);
      assert.equal(tagged(file.content, 't'), idC);
      assert.equal(file.content.tags['t']?.length, 6);
      file.forget('t');
      assert.equal(tagged(file.content, 't'), undefined);
    });

    it('mean what was said last, in whatever order two branches were merged, also where a clock is ahead', async () => {
      await note(a, b, c);
      const text = (await readFile(path(), 'utf8')).replace(
        'tags:',
        `tags:\n  t:\n    - { version: ${idB}, at: 2999-01-02T00:00:00.000Z }\n    - { version: ${idA}, at: 2026-01-01T00:00:00.000Z }`,
      );
      await writeFile(path(), text);
      const file = await read();
      assert.equal(tagged(file.content, 't'), idB);
      file.move('t', idC);
      assert.equal(tagged(file.content, 't'), idC);
      await file.save(join(folder, '.staging'));
      assert.equal(tagged((await read()).content, 't'), idC);
    });

    for (const [reference, target, name] of [
      ['d', 'd', 'current'],
      ['d@production', 'd', 'production'],
      ['d@', 'd', 'current'],
      ['build@home/d', 'build@home/d', 'current'],
      ['build@home/d@3f2a', 'build@home/d', '3f2a'],
    ] as const)
      it(`${reference} is ${target} and ${name}`, () => {
        assert.deepEqual(splitReference(reference), { target, name });
      });
  });
});
