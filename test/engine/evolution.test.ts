/** Schemas of builds and files, what changes between them, and builds that are not to change theirs. */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import {
  schemaDiffSchema,
  schemaDocumentSchema,
  schemaExportSchema,
  schemaHistorySchema,
  type DatasetBuild,
  type SchemaChange,
  type SchemaDiff,
} from '../../src/protocol';
import { config, here, workspaces, type Workspace } from './support';

const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
/** Five hundred measurements of seven cities. */
const length = (i: number) => ((i * 37) % 101) + 0.5;
const city = (i: number) => ['Aachen', 'Bonn', 'Cork', 'Delft', 'Essen', 'Faro', 'Gent'][i % 7] ?? '';
const measured = `id,length,city\n${rows(500, (i) => `${i},${length(i)},${city(i)}`)}`;
const inMillimetres = `id,length,town\n${rows(600, (i) => `${i},${length(i) * 1000 + 0.25},${city(i)}`)}`;

const signal = new AbortController().signal;
const place = (space: Workspace) => ({ configPath: space.path('.mldata.yaml'), folder: space.folder, threads: 2 });

async function diff(space: Workspace, before: string, after: string, threads = 2): Promise<SchemaDiff> {
  return schemaDiffSchema.parse(await here.schemaDiff({ ...place(space), before, after, threads }, signal));
}

const told = (changes: readonly SchemaChange[]) =>
  changes.map(({ kind, column, compatibility }) => `${kind} ${column ?? ''} ${compatibility}`);
const findings = (build: DatasetBuild) =>
  build.findings.map(({ code, severity, column, configPath = [] }) =>
    [code, severity, column ?? '', configPath.slice(2).join('.')].join(' '),
  );

describe('a schema', () => {
  const workspace = workspaces(here);

  it('is that of the build, with what is declared of columns that no step changed', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        [
          'schema:',
          '  columns:',
          '    id: { type: integer, unique: true }',
          '    length: { type: number, minimum: 0, title: Length }',
          '    city: { type: string, enum: [Aachen, Bonn, Cork, Delft, Essen, Faro, Gent], role: target }',
          '  primaryKey: id',
          'transforms: [clip: { columns: length, maximum: 90 }, derive: { column: double, expression: length * 2 }]',
        ].join('\n'),
      ),
      'a.csv': measured.replace('\n3,111.5,', '\n3,,').replace('\n3,10.5,', '\n3,,'),
    });
    await space.buildOne();
    const schema = schemaDocumentSchema.parse(await here.schema({ ...place(space), target: 'd' }, signal));
    assert.deepEqual([schema.of, schema.rows, schema.primaryKey], ['build', 500, ['id']]);
    assert.deepEqual(
      schema.columns.map(({ name, unique, minimum, title, role, enum: values, nullable, nullableFrom }) =>
        [name, unique, minimum, title, role, values?.length, nullable, nullableFrom].filter(
          (part) => part !== undefined,
        ),
      ),
      [
        ['id', true, false, 'declared'],
        ['length', 'Length', true, 'seen'],
        ['city', 'target', 7, false, 'seen'],
        ['double', true, 'seen'],
      ],
    );
  });

  it('is inferred from the values alone, and goes into the config beside what stands there', async () => {
    const text = config(
      'a.csv',
      [
        '# What was measured.',
        'schema:',
        '  columns:',
        '    id: integer',
        '    city: { type: string, role: target } # where',
        '    gone: { required: false } # stays',
      ].join('\n'),
    );
    const space = await workspace({
      '.mldata.yaml': text,
      'a.csv': `id,n,city\n${rows(100, (i) => `${i},${i === 4 ? 'NA' : i % 3},${city(i)}`)}`,
    });
    const inferred = await here.schema({ ...place(space), target: 'd', infer: true, into: 'd' }, signal);
    assert.deepEqual(inferred.written, { config: space.path('.mldata.yaml'), dataset: 'd', changed: true });
    assert.match(
      inferred.yaml ?? '',
      /^schema:\n {2}columns:\n {4}id: \{ type: integer, required: true, unique: true \}\n/,
    );
    assert.deepEqual(
      inferred.losses?.map(({ key, message }) => [key, /^"NA" was taken/.test(message)]),
      [['nullValues', true]],
    );
    assert.match(inferred.yaml ?? '', /n: \{ type: integer, enum: \[0, 1, 2\] \}/);
    const written = await readFile(space.path('.mldata.yaml'), 'utf8');
    assert.match(written, /# What was measured\.\n/);
    assert.match(written, /gone: \{ required: false \} # stays/);
    assert.match(written, /city: \{ role: target, type: string, required: true, enum: \[Aachen, .*Gent\] \} # where/);
    const again = await here.schema({ ...place(space), target: 'd', infer: true, into: 'd' }, signal);
    assert.equal(again.written?.changed, false);
    await assert.rejects(here.schema({ ...place(space), target: 'a.csv', into: 'x' }, signal), {
      code: 'dataset-unknown',
    });
  });

  it('comes and goes by the forms of other tools, as files', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        'schema: { columns: { id: { type: integer, required: true } } }\nsplit: { train: 0.5, test: 0.5, seed: 1 }',
      ),
      'a.csv': measured,
    });
    await space.buildOne();
    for (const format of ['frictionless', 'datapackage', 'jsonschema', 'arrow'] as const) {
      const output = space.path('out', format === 'arrow' ? 's.arrow' : `${format}.json`);
      const done = await here.exportSchema({ ...place(space), target: 'd', format, output }, signal);
      const { file } = schemaExportSchema.parse(done);
      assert.equal(file?.bytes, (await readFile(output)).length);
      const back = schemaDocumentSchema.parse(await here.importSchema({ ...place(space), file: output }, signal));
      assert.deepEqual(
        back.columns.map(({ name, type, required }) => [name, type, required]),
        [
          ['id', 'integer', true],
          ['length', 'number', undefined],
          ['city', 'string', undefined],
        ],
        format,
      );
    }
    const descriptor = JSON.parse(await readFile(space.path('out/datapackage.json'), 'utf8')) as {
      resources: { path: string; hash: string }[];
    };
    assert.deepEqual(
      descriptor.resources.map(({ path }) => path),
      ['../datasets/d/data/train.parquet', '../datasets/d/data/test.parquet'],
    );
    const parquet = await here.importSchema(
      { ...place(space), file: space.path('datasets/d/data/train.parquet') },
      signal,
    );
    assert.deepEqual(
      parquet.columns.map(({ name, physicalType }) => [name, physicalType]),
      [
        ['id', 'BIGINT'],
        ['length', 'DOUBLE'],
        ['city', 'VARCHAR'],
      ],
    );
    await space.write('none.json', '{"a": 1}');
    await space.write('broken.json', '{');
    for (const file of ['none.json', 'broken.json', 'missing.json', '.'])
      await assert.rejects(
        here.importSchema({ ...place(space), file: space.path(file) }, signal),
        { code: 'schema-unreadable' },
        file,
      );
    await assert.rejects(here.exportSchema({ ...place(space), target: 'd', format: 'arrow' }, signal), {
      code: 'wrong-usage',
    });
  });
});

describe('a change of the schema', () => {
  const workspace = workspaces(here);

  it('tells a renamed column and another unit by the values, the same on any number of threads', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': measured });
    await space.buildOne();
    await space.write('a.csv', inMillimetres);
    await space.buildOne();
    const changes = await diff(space, 'previous', 'd');
    assert.deepEqual(told(changes.changes), ['scale length breaking', 'renamed town breaking']);
    assert.deepEqual([changes.compatibility, changes.values], ['breaking', 'compared']);
    const [scale, renamed] = changes.changes;
    assert.deepEqual([scale?.suspected, scale?.evidence?.factor], [true, 1000]);
    assert.deepEqual(
      [renamed?.before, renamed?.evidence?.sharedValues, renamed?.evidence?.samePlace],
      ['city', 1, true],
    );
    const { changes: alone } = await diff(space, 'd@previous', 'd@current', 1);
    assert.deepEqual(alone, changes.changes);
    // Files, in another format, in another order.
    const reversed = inMillimetres.trim().split('\n').slice(1).toReversed();
    await space.write(
      'b.jsonl',
      reversed
        .map((line) => {
          const [id, size, town] = line.split(',');
          return `${JSON.stringify({ id: Number(id), length: Number(size), town })}\n`;
        })
        .join(''),
    );
    assert.deepEqual(told((await diff(space, 'datasets/d', 'b.jsonl')).changes), []);
    assert.deepEqual(told((await diff(space, 'b.jsonl', 'b.jsonl')).changes), []);
  });

  it('holds files against what was seen of a build, for nothing is declared of them', async () => {
    const declared =
      'schema: { columns: { id: { type: integer, required: true, unique: true }, city: image }, primaryKey: id }';
    const space = await workspace({ '.mldata.yaml': config('a.csv', declared), 'a.csv': measured });
    await space.buildOne();
    assert.deepEqual(told((await diff(space, 'd', 'a.csv')).changes), []);
    await space.write('b.csv', measured.replace('\n4,', '\n,'));
    assert.deepEqual(told((await diff(space, 'd', 'b.csv')).changes), ['nullability id forward-breaking']);
  });

  it('tells nothing of types and missing values where there is no value', async () => {
    const space = await workspace({ 'a.csv': measured.replace('\n4,', '\n,'), 'b.csv': 'id,length,city\n' });
    const files = { folder: space.folder, before: 'b.csv', after: 'a.csv' };
    const { changes, after } = await here.schemaDiff(files, signal);
    assert.deepEqual([told(changes), after.rows], [[], 500]);
    await space.write('c.csv', measured.replaceAll(/^(\d+),[^,]*/gm, '$1,'));
    const emptied = await here.schemaDiff({ ...files, before: 'a.csv', after: 'c.csv' }, signal);
    assert.deepEqual(told(emptied.changes), ['nullability length forward-breaking', 'nullability id compatible']);
  });

  it('is told of versions whose bytes are gone, without a look at their values', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': measured });
    await space.buildOne();
    await space.write('a.csv', inMillimetres);
    await space.buildOne();
    await rm(space.path('.mldata/versions/d/objects'), { recursive: true });
    const changes = await diff(space, 'd@previous', 'd');
    assert.deepEqual(told(changes.changes), ['removed city forward-breaking', 'added town compatible']);
    assert.match(changes.values, /^Files of d@previous are not on this machine/);
  });

  it('is told of columns with any names, in any number', async () => {
    const names = ['a"b', "it's; DROP TABLE x", '__row', '__proto__', 'select', 'ü \u{1f600}', ' '];
    const head = (more: readonly string[]) =>
      [...names, ...more].map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    // More than the engine takes in at once.
    const many = Array.from({ length: 260 }, (_, i) => `n${i}`);
    const line = (i: number, scale: number) =>
      [...names.map((_, k) => city(i + k)), ...many.map((_, k) => (i + k + 1) * scale)].join(',');
    const space = await workspace({
      'a.csv': `${head(many)}\n${rows(40, (i) => line(i, 1))}`,
      'b.csv': `${head(many.map((name) => (name === 'n7' ? 'N_7 "new"' : name)))}\n${rows(40, (i) => line(i, 1))}`,
    });
    const found = await here.schemaDiff({ folder: space.folder, before: 'a.csv', after: 'b.csv' }, signal);
    assert.deepEqual(told(found.changes), ['renamed N_7 "new" breaking']);
  });

  it('makes a history over the versions, as their manifests say', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': measured });
    const history = async () => schemaHistorySchema.parse(await here.schemaHistory({ ...place(space), target: 'd' }));
    await assert.rejects(history(), { code: 'not-built' });
    const ids: string[] = [];
    const declared = 'schema: { columns: { town: { type: string, required: true } } }';
    for (const [text, more] of [
      [measured, ''],
      [inMillimetres, ''],
      [inMillimetres, declared],
    ] as const) {
      await space.write('a.csv', text);
      await space.write('.mldata.yaml', config('a.csv', more));
      await space.buildOne();
      ids.push((await history()).versions[0]?.id ?? '');
    }
    const [third, second, first] = (await history()).versions;
    assert.deepEqual([third?.current, third?.since, third?.compatibility], [true, ids[1], 'compatible']);
    assert.deepEqual(told(third?.changes ?? []), ['nullability town compatible']);
    assert.deepEqual(told(second?.changes ?? []), ['removed city forward-breaking', 'added town compatible']);
    assert.deepEqual([first?.columns, first?.changes, first?.since], [3, [], undefined]);
    // What is gone is said, and what came after it is held against what is there.
    await rm(space.path('.mldata/versions/d/builds', ids[1] ?? ''), { recursive: true });
    const [last, gone] = (await history()).versions;
    assert.deepEqual([gone?.columns, gone?.changes], [undefined, []]);
    assert.equal(last?.since, ids[0]);
  });
});

describe('a build whose schema is held', () => {
  const workspace = workspaces(here);
  const held = (evolution: string, more = '') =>
    config('a.csv', `schema:\n  columns: { length: { type: number, minimum: 0 } }\n  evolution: ${evolution}${more}`);

  it('stops under `error` before anything is replaced, and goes on once the change is accepted', async () => {
    const space = await workspace({ '.mldata.yaml': held('error'), 'a.csv': measured });
    assert.deepEqual((await space.buildOne()).findings, []);
    const before = await space.files('datasets');
    const manifest = await readFile(space.path('datasets/d/manifest.yaml'), 'utf8');
    await space.write('a.csv', inMillimetres);
    const stopped = await space.buildOne();
    assert.equal(stopped.status, 'failed');
    assert.deepEqual([stopped.error?.kind, stopped.error?.code], ['checkFailed', 'schema-breaking']);
    assert.match(
      stopped.error?.message ?? '',
      /^The schema of d changes so that it breaks: The values of length .*--publish-failing/s,
    );
    assert.deepEqual(findings(stopped), [
      'schema-breaking error length schema.columns.length',
      'schema-breaking error town schema.evolution',
    ]);
    assert.match(stopped.findings[1]?.suggestion ?? '', /`rename: \{ columns: \{ town: city \} \}`, or accept it/);
    assert.deepEqual(await space.files('datasets'), before);
    assert.equal(await readFile(space.path('datasets/d/manifest.yaml'), 'utf8'), manifest);
    const accepted = await space.buildOne({ publishFailing: true });
    assert.equal(accepted.status, 'built');
    assert.deepEqual(
      accepted.findings.map(({ severity }) => severity),
      ['warning', 'warning'],
    );
    assert.equal((await space.buildOne()).status, 'upToDate');
    assert.deepEqual((await space.buildOne({ force: true })).findings, []);
  });

  it('is published under `warn` with a warning on the line, and nothing of its bytes depends on that', async () => {
    const space = await workspace({ '.mldata.yaml': held('ignore'), 'a.csv': measured });
    await space.buildOne();
    await space.write('.mldata.yaml', held('warn'));
    assert.equal((await space.buildOne()).status, 'upToDate');
    assert.equal((await space.manifest('d')).config.schema.evolution, undefined);
    // Another bound in the config, and a row less.
    await space.write('.mldata.yaml', held('warn').replace('minimum: 0', 'minimum: -5'));
    await space.write('a.csv', `${measured}500,3.5,Aachen\n`.replace('id,', 'id,').replace('0,0.5,Aachen\n', ''));
    const warned = await space.buildOne();
    assert.equal(warned.status, 'built');
    assert.deepEqual(findings(warned), ['schema-breaking warning length schema.columns.length.minimum']);
    assert.match(warned.findings[0]?.message ?? '', /`minimum` of length is -5 and was 0.*\(forward-breaking\)$/);
    // The build with the warning is what the next one is held against.
    assert.deepEqual((await space.buildOne({ force: true })).findings, []);
  });

  it('tells compatible changes as what they are, and stops for none of them', async () => {
    const space = await workspace({ '.mldata.yaml': held('error'), 'a.csv': measured });
    await space.buildOne();
    await space.write(
      'a.csv',
      measured
        .replace('city\n', 'city,new\n')
        .replaceAll(/([a-z])\n/g, '$1,1\n')
        .replace('new,1\n', 'new\n'),
    );
    const built = await space.buildOne();
    assert.equal(built.status, 'built');
    assert.deepEqual(findings(built), ['schema-changed info new schema.evolution']);
  });

  it('tells of very many changes one by one no more than a person reads, and how many more there are', async () => {
    const columns = (prefix: string) => Array.from({ length: 160 }, (_, at) => `${prefix}${at}`).join(',');
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { evolution: warn }'),
      'a.csv': `${columns('a')}\n${'1,'.repeat(159)}1\n`,
    });
    await space.buildOne();
    await rm(space.path('datasets/d/data/data.parquet'));
    await space.write('a.csv', `${columns('b')}\n${'1,'.repeat(159)}1\n`);
    const { status, findings: all } = await space.buildOne();
    const last = all.at(-1);
    assert.deepEqual([status, all.length, last?.code, last?.count], ['built', 101, 'schema-breaking', 220]);
    assert.equal(last?.message, '220 more changes of the schema, 60 of them breaking.');
    assert.equal((await space.manifest('d')).findings.length, 101);
    await space.write('.mldata.yaml', config('a.csv', 'schema: { evolution: error }'));
    await rm(space.path('datasets/d/data/data.parquet'));
    await space.write('a.csv', `${columns('a')}\n${'1,'.repeat(159)}1\n`);
    const stopped = await space.buildOne();
    assert.match(stopped.error?.message ?? '', /And 155 more\. Nothing was written/);
  });

  it('is held by its schema alone where files of the build before are gone', async () => {
    const space = await workspace({ '.mldata.yaml': held('error'), 'a.csv': measured });
    await space.buildOne();
    await rm(space.path('datasets/d/data/data.parquet'));
    await space.write('a.csv', inMillimetres);
    const stopped = await space.buildOne();
    assert.deepEqual(findings(stopped), [
      'schema-breaking error city schema.evolution',
      'schema-changed info town schema.evolution',
    ]);
  });

  it('leaves a first build, and one of which nothing is asked, alone', async () => {
    const space = await workspace({ '.mldata.yaml': held('error'), 'a.csv': measured });
    assert.equal((await space.buildOne()).status, 'built');
    await space.write('.mldata.yaml', config('a.csv'));
    await space.write('a.csv', 'x\n1\n');
    assert.deepEqual((await space.buildOne()).findings, []);
  });
});

describe('mldata schema', () => {
  const workspace = workspaces(here);

  it('exits with 2 where a change breaks, and prints documents and YAML', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': measured, 'b.csv': inMillimetres });
    await space.buildOne();
    const breaking = await space.cli(['schema', 'diff', 'd', 'b.csv', '--fail-on', 'breaking']);
    assert.equal(breaking.code, 2, breaking.stderr);
    assert.equal(breaking.stdout, '');
    assert.match(
      breaking.stderr,
      /2 changes, together breaking:\n {2}~ scale\? length 1 → 1000 {2}\(breaking\)\n {6}The values/,
    );
    const same = await space.cli(['schema', 'diff', 'd', 'a.csv', '--fail-on', 'any', '--json']);
    assert.equal(same.code, 0, same.stderr);
    assert.deepEqual(schemaDiffSchema.parse(JSON.parse(same.stdout)).changes, []);
    const exported = await space.cli(['schema', 'export', 'd', '--format', 'frictionless']);
    await space.write('schema.json', exported.stdout);
    const imported = await space.cli(['schema', 'import', 'schema.json']);
    assert.equal(imported.stdout, 'schema:\n  columns:\n    id: integer\n    length: number\n    city: string\n');
    const history = await space.cli(['schema', 'history', 'd']);
    assert.match(history.stderr, /^d\n[0-9a-f]{8} .* current {2}3 columns$/m);
    await space.write('gaps.csv', 'n\n1\nNA\n3\n');
    const inferred = await space.cli(['schema', 'infer', 'gaps.csv']);
    assert.match(inferred.stderr, /^"NA" was taken for a missing value/);
    const shown = await space.cli(['schema', 'show', 'd']);
    assert.match(shown.stderr, /^ {2}length +number +DOUBLE +none is$/m);
  });
});
