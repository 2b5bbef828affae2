/** Exports of builds and files: what is written, what is read for it, and what is refused. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { tableFromIPC } from 'apache-arrow';
import { Database } from '../../src/engine/duckdb';
import { exportRows } from '../../src/engine/export';
import type { ExportFormat, ExportRequest } from '../../src/protocol';
import { exportIn, filesIn, wholeExport } from './exported';
import { config, here, workspaces, type Workspace } from './support';
import { leftovers, table } from './whole';

const ROWS = 3000;
const split = 'split: { train: 0.8, validation: 0.1, test: 0.1, seed: 7 }';
const formats: readonly ExportFormat[] = ['parquet', 'csv', 'jsonl', 'arrow', 'json'];

describe('an export', () => {
  const workspace = workspaces(here);

  const built = async (more = split, rows = ROWS): Promise<Workspace> => {
    const space = await workspace({ '.mldata.yaml': config('data.csv', more), 'data.csv': table(rows) });
    assert.equal((await space.buildOne()).status, 'built');
    return space;
  };

  it('has the rows of the build in every format, split by split, in their order', async () => {
    const space = await built();
    const done = await exportIn(space, 'd', { formats });
    const { files } = await wholeExport(space.path('exports/d'));
    assert.deepEqual(
      { ...done, generatedAt: '' },
      { ...(await wholeExport(space.path('exports/d'))), generatedAt: '', output: space.path('exports/d') },
    );
    assert.deepEqual(
      files.map(({ path }) => path).filter((path) => path.includes('train')),
      ['arrow/train.arrow', 'csv/train.csv', 'data/train.parquet', 'json/train.json', 'jsonl/train.jsonl'],
    );
    const fields = 'id, label, value, note';
    for (const { name, rows } of done.splits) {
      const [expected] = await space.query(
        `SELECT count(*) AS rows, md5(string_agg(concat_ws('|', ${fields}), ';')) AS content FROM {datasets/d/data/${name}.parquet}`,
      );
      assert.equal(Number(expected?.['rows']), rows);
      for (const relation of [
        `{exports/d/data/${name}.parquet}`,
        `read_csv({exports/d/csv/${name}.csv})`,
        `read_json({exports/d/jsonl/${name}.jsonl})`,
        `read_json({exports/d/json/${name}.json})`,
      ]) {
        const [found] = await space.query(
          `SELECT count(*) AS rows, md5(string_agg(concat_ws('|', ${fields}), ';')) AS content FROM ${relation}`,
        );
        assert.deepEqual(found, expected, relation);
      }
      const arrow = tableFromIPC(await readFile(space.path(`exports/d/arrow/${name}.arrow`)));
      const ids = await space.query(`SELECT id FROM {datasets/d/data/${name}.parquet}`);
      assert.deepEqual(
        [...(arrow.getChild('id') ?? [])],
        ids.map(({ id }) => id),
      );
    }
  });

  it('reads the files once, however many formats are written', async () => {
    const space = await built();
    const { dataTarget } = await import('../../src/engine/dataTarget');
    const target = await dataTarget({ target: 'd', folder: space.folder, configPath: space.path('.mldata.yaml') });
    const reads: string[] = [];
    const run = Reflect.get(Database.prototype, 'run');
    const rows = Reflect.get(Database.prototype, 'rows');
    const noted = (sql: string) => {
      // A view is not read when it is made, and what tells types and the ends of files reads no rows.
      if (/data_rows|read_parquet\(/.test(sql) && !/^(CREATE VIEW|DESCRIBE|SELECT json_)/.test(sql)) reads.push(sql);
    };
    Database.prototype.run = function (sql, options) {
      noted(sql);
      return run.call(this, sql, options);
    };
    Database.prototype.rows = function (sql) {
      noted(sql);
      return rows.call(this, sql);
    };
    try {
      await mkdir(space.path('out/.mldata-staging-1'), { recursive: true });
      await mkdir(space.path('scratch'));
      await exportRows(
        {
          ...{
            spec: { name: 'd' },
            target,
            request: { target: 'd', folder: space.folder },
            threads: 2,
            memoryLimit: '500MB',
          },
          formats: formats.map((format) => ({ format, compression: { codec: 'none' } })),
          ...{
            scratch: space.path('scratch'),
            output: space.path('out'),
            staging: space.path('out/.mldata-staging-1'),
          },
        },
        () => undefined,
        new AbortController().signal,
      );
    } finally {
      Object.assign(Database.prototype, { run, rows });
    }
    assert.equal(reads.length, 1, reads.join('\n'));
    assert.match(reads[0] ?? '', /^CREATE TABLE exported AS SELECT/);
    assert.equal((await wholeExport(space.path('out'))).formats.length, formats.length);
  });

  it('is the same bytes for the same build and request, on one thread and on four', async () => {
    const space = await built();
    for (const threads of [1, 4])
      await exportIn(space, 'd', { formats, output: `t${threads}`, threads, maxFileBytes: 20_000 });
    const files = await filesIn(space.path('t1'));
    assert.deepEqual(files, await filesIn(space.path('t4')));
    for (const file of files)
      assert.ok((await readFile(space.path('t1', file))).equals(await readFile(space.path('t4', file))), file);
  });

  it('says nothing of the machine in its folder, and where to mend the config in its answer', async () => {
    const space = await built();
    const { findings } = await exportIn(space, 'd', { documents: ['card'] });
    const missing = findings.filter(({ code }) => code === 'metadata-missing');
    assert.deepEqual(
      missing.map(({ configPath, locations = [] }) => [configPath?.at(-1), locations[0]?.file, locations[0]?.line]),
      ['description', 'license'].map((fact) => [fact, space.path('.mldata.yaml'), 3]),
    );
    assert.ok(!(await readFile(space.path('exports/d/export.json'), 'utf8')).includes(space.folder));
    assert.equal((await wholeExport(space.path('exports/d'))).findings.length, findings.length);
  });

  it('tells of each format how much it is and how fast', async () => {
    const space = await built(split, 60_000);
    const told = new Map<string, number>();
    let last = 0;
    const done = await exportIn(
      space,
      'd',
      { formats: ['csv', 'parquet'] },
      ({ format, bytes = 0, bytesPerSecond, fraction }) => {
        assert.ok(fraction >= last && fraction <= 1);
        last = fraction;
        if (format === undefined) return;
        if (bytes > 0) assert.ok((bytesPerSecond ?? 0) > 0);
        told.set(format, bytes);
      },
    );
    for (const { format, bytes } of done.formats) assert.equal(told.get(format), bytes);
  });

  it('writes the other formats where one fails, and says which', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv') });
    await space.query(
      `COPY (SELECT range AS id, INTERVAL 1 MONTH AS every, uuid() AS key FROM range(9)) TO {times.parquet}`,
    );
    const { code, stderr, stdout } = await space.cli([
      'export',
      'times.parquet',
      '--formats',
      'parquet,arrow,csv',
      '--json',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /writing csv/);
    const done = JSON.parse(stdout) as { formats: unknown };
    const { formats: kept, files, findings } = await wholeExport(space.path('exports/times'));
    assert.deepEqual(done.formats, kept);
    assert.deepEqual(
      kept.map(({ format, status, error }) => [format, status, error?.code]),
      [
        ['parquet', 'written', undefined],
        ['arrow', 'failed', 'output-type'],
        ['csv', 'written', undefined],
      ],
    );
    assert.deepEqual(
      files.map(({ path }) => path),
      ['csv/data.csv', 'data/data.parquet'],
    );
    // UUIDs would be texts in Arrow, of which no file is there.
    assert.deepEqual(findings, []);
    await assert.rejects(exportIn(space, 'times.parquet', { formats: ['arrow'], output: 'none' }), {
      code: 'output-type',
    });
    assert.deepEqual(await filesIn(space.path('none')), []);
  });

  describe('of what is chosen', () => {
    const cases: [string, Partial<ExportRequest>, string[], string][] = [
      ['splits', { splits: ['test', 'train'] }, ['data/test.parquet', 'data/train.parquet'], 'true'],
      [
        'a condition',
        { where: "id > 100 AND note LIKE 'text 1%'" },
        ['data/test.parquet', 'data/train.parquet', 'data/validation.parquet'],
        "id > 100 AND note LIKE 'text 1%'",
      ],
    ];
    for (const [what, choice, paths, where] of cases) {
      it(`has only that: ${what}`, async () => {
        const space = await built();
        const { rows } = await exportIn(space, 'd', choice);
        const { files } = await wholeExport(space.path('exports/d'));
        assert.deepEqual(
          files.map(({ path }) => path),
          paths,
        );
        const kept = paths.map((path) => `SELECT id FROM {datasets/d/${path}} WHERE ${where}`).join(' UNION ALL ');
        const found = paths.map((path) => `SELECT id FROM {exports/d/${path}}`).join(' UNION ALL ');
        const ids = await space.query(kept);
        assert.deepEqual(await space.query(found), ids);
        assert.equal(rows, ids.length);
      });
    }

    it('has only those columns, in their order', async () => {
      const space = await built();
      await exportIn(space, 'd', { formats: ['csv'], columns: ['note', 'id'] });
      assert.match(await readFile(space.path('exports/d/data/train.csv'), 'utf8'), /^note,id\n/);
    });

    it('has columns whose names hold commas and quotes, as the command line names them', async () => {
      const space = await workspace({ '.mldata.yaml': config('data.csv') });
      const name = 'a, "b"';
      await space.query(`COPY (SELECT 1 AS id, 2 AS "a, ""b""", 3 AS " c", 4 AS d) TO {in.parquet}`);
      const lists: [string, readonly string[] | undefined][] = [
        ['d,"a, ""b""" ," c"', ['d', name, ' c']],
        [' d , id ', ['d', 'id']],
        ['d,', undefined],
        ['d,,id', undefined],
        ['"d', undefined],
        ['"d"x', undefined],
      ];
      for (const [list, names] of lists) {
        const { code } = await space.cli(['export', 'in.parquet', '--columns', list, '--output', 'o', '--force']);
        assert.equal(code, names ? 0 : 64, list);
        if (!names) continue;
        const described = await space.query('DESCRIBE SELECT * FROM {o/data/data.parquet}');
        assert.deepEqual(
          described.map((row) => row['column_name']),
          names,
        );
      }
    });

    const refused: [string, Partial<ExportRequest>, string, RegExp][] = [
      [
        'a column that is not there',
        { columns: ['id', 'lable'] },
        'column-unknown',
        /no column lable\. Did you mean label\?/,
      ],
      [
        'a split that is not there',
        { splits: ['dev'] },
        'split-unknown',
        /no split dev\. It has train, validation, test/,
      ],
      [
        'a condition that reads files',
        { where: "read_text('/etc/passwd') = ''" },
        'where-invalid',
        /The function read_text cannot be used/,
      ],
      ['a condition that is a query', { where: '(SELECT true)' }, 'where-invalid', /subquery cannot be used/],
      ['a condition that is more than one', { where: 'true) UNION SELECT (true' }, 'where-invalid', /more than one/],
      ['a condition on no column', { where: 'wages > 1' }, 'where-invalid', /no column wages/],
    ];
    for (const [what, choice, code, message] of refused) {
      it(`is refused: ${what}`, async () => {
        const space = await built();
        await assert.rejects(exportIn(space, 'd', choice), { code, message });
        assert.deepEqual(await filesIn(space.path('exports')), []);
      });
    }
  });

  describe('in files of a size', () => {
    it('has so many rows in each but the last', async () => {
      const space = await built();
      await exportIn(space, 'd', { formats: ['parquet', 'csv'], rowsPerFile: 700 });
      const { files } = await wholeExport(space.path('exports/d'));
      const train = files.filter(({ split: of, format }) => of === 'train' && format === 'parquet');
      assert.deepEqual(
        train.map(({ path, rows }) => [path, rows]),
        [
          ['data/train-00000-of-00004.parquet', 700],
          ['data/train-00001-of-00004.parquet', 700],
          ['data/train-00002-of-00004.parquet', 700],
          ['data/train-00003-of-00004.parquet', 300],
        ],
      );
      const ids = await space.query(`SELECT id FROM {datasets/d/data/train.parquet}`);
      const found = train.map(({ path }) => `SELECT id FROM {exports/d/${path}}`).join(' UNION ALL ');
      assert.deepEqual(await space.query(found), ids);
    });

    it('says where a file is larger because a row is', async () => {
      const space = await workspace({ '.mldata.yaml': config('data.csv') });
      await space.query(`COPY (SELECT repeat('x', 2000) AS a FROM range(3)) TO {in.parquet}`);
      const { files, findings } = await exportIn(space, 'in.parquet', { formats: ['csv'], maxFileBytes: 1000 });
      assert.deepEqual(
        [files.length, findings.map(({ code, count }) => [code, count])],
        [3, [['export-file-large', 3]]],
      );
    });

    it('has more files than a process may have open', async function () {
      if (process.platform === 'win32') this.skip(); // no limit that can be set from outside
      const space = await built();
      const args = ['export', 'd', '--formats', 'parquet,csv,jsonl,arrow', '--rows-per-file', '10'];
      const limited = ['-c', 'ulimit -n 250 && exec "$@"', 'sh', process.execPath, resolve('dist/cli.js'), ...args];
      await promisify(execFile)('sh', limited, { cwd: space.folder });
      const { files } = await wholeExport(space.path('exports/d'));
      assert.equal(files.length, (4 * ROWS) / 10);
    }).timeout(120_000);

    for (const format of ['parquet', 'csv', 'jsonl', 'json', 'arrow'] as const) {
      it(`has at most so many bytes in each: ${format}`, async () => {
        const space = await built(undefined, 20_000);
        await exportIn(space, 'd', { formats: [format], maxFileBytes: 60_000 });
        const { files } = await wholeExport(space.path('exports/d'));
        assert.ok(files.length > 2);
        assert.deepEqual(
          files.filter(({ bytes }) => bytes > 60_000),
          [],
        );
        assert.equal(
          files.reduce((sum, { rows = 0 }) => sum + rows, 0),
          20_000,
        );
      });
    }
  });

  describe('where something stands already', () => {
    it('takes the place of an export with force only, and leaves what others put there', async () => {
      const space = await built();
      await exportIn(space, 'd', { formats: ['csv', 'jsonl'] });
      await writeFile(space.path('exports/d/notes.txt'), 'mine');
      await assert.rejects(exportIn(space, 'd', { formats: ['parquet'] }), {
        code: 'output-exists',
        message: /--force/,
      });
      await exportIn(space, 'd', { formats: ['parquet'], force: true });
      assert.deepEqual(await filesIn(space.path('exports/d')), [
        'data/test.parquet',
        'data/train.parquet',
        'data/validation.parquet',
        'export.json',
        'notes.txt',
      ]);
    });

    it('never takes the place of anything else, also with force', async () => {
      const space = await built();
      await space.write('mine/data/train.parquet', 'mine');
      for (const output of ['mine', 'datasets/d', '.']) {
        const before = await filesIn(space.path(output));
        await assert.rejects(exportIn(space, 'd', { output, force: true }), ({ code }: { code: string }) =>
          ['output-exists', 'output-is-source'].includes(code),
        );
        assert.deepEqual(await filesIn(space.path(output)), before);
      }
      await exportIn(space, 'd');
      await space.write('exports/d/csv/train.csv', 'mine');
      await assert.rejects(exportIn(space, 'd', { formats: ['parquet', 'csv'], force: true }), {
        code: 'output-blocked',
      });
      assert.equal(await readFile(space.path('exports/d/csv/train.csv'), 'utf8'), 'mine');
      assert.deepEqual(await leftovers(space.folder), []);
    });

    it('leaves a build alone that is being published there', async () => {
      const space = await built();
      // The number of a process that goes on.
      const staging = `.mldata-staging-${process.ppid}-0123abcd`;
      await space.write(`out/${staging}/manifest.yaml`, 'new');
      await space.write(`out/${staging}/data/train.parquet`, 'new');
      const journal = { staging, files: ['data/train.parquet'], obsolete: [], head: 'manifest.yaml' };
      await space.write('out/.mldata-journal.json', JSON.stringify(journal));
      const before = await filesIn(space.path('out'));
      for (const force of [false, true])
        await assert.rejects(exportIn(space, 'd', { output: 'out', force }), { code: 'output-exists' });
      assert.deepEqual(await filesIn(space.path('out')), before);
    });

    it('stays where a document about the new one would not be taken by its readers', async () => {
      const space = await built();
      const { generatedAt: _, ...old } = await exportIn(space, 'd', { formats: ['csv'] });
      const manifest = await readFile(space.path('datasets/d/manifest.yaml'), 'utf8');
      await space.write('datasets/d/manifest.yaml', manifest.replace(/^createdAt: .*$/m, 'createdAt: yesterday'));
      for (const document of ['croissant', 'datapackage'] as const)
        await assert.rejects(exportIn(space, 'd', { documents: [document], force: true }), {
          code: 'metadata-invalid',
          message: new RegExp(`^${document}\\.json would not be valid`),
        });
      const { generatedAt: __, ...stands } = await wholeExport(space.path('exports/d'));
      assert.deepEqual({ ...stands, output: old.output }, old);
    });

    it('touches nothing outside, whatever an export.json that was edited says', async () => {
      const space = await built();
      await exportIn(space, 'd');
      await space.write('precious.txt', 'mine');
      const text = await readFile(space.path('exports/d/export.json'), 'utf8');
      await writeFile(space.path('exports/d/export.json'), text.replaceAll('data/train.parquet', '../../precious.txt'));
      // What it does not list any more is nobody's.
      await assert.rejects(exportIn(space, 'd', { force: true }), { code: 'output-blocked' });
      await exportIn(space, 'd', { force: true, formats: ['csv'] });
      assert.equal(await readFile(space.path('precious.txt'), 'utf8'), 'mine');
    });
  });

  describe('of a target', () => {
    it('that is not built is refused, and its source is not read', async () => {
      const space = await workspace({ '.mldata.yaml': config('data.csv'), 'data.csv': table(10) });
      await assert.rejects(exportIn(space, 'd'), { code: 'not-built', message: /mldata build d/ });
      const { rows, source } = await exportIn(space, 'data.csv');
      assert.deepEqual([rows, source.of, source.files.map(({ path }) => path)], [10, 'files', ['data.csv']]);
    });

    const odd: [string, string, number][] = [
      ['no rows', "SELECT 1 AS a, 'x' AS b WHERE false", 0],
      [
        'columns without a value',
        'SELECT NULL::INTEGER AS a, NULL::VARCHAR AS b, NULL::DOUBLE[] AS c FROM range(5)',
        5,
      ],
      [
        'names of columns that are hostile',
        `SELECT 1 AS "a""; DROP TABLE x; --", 2 AS "import os", 3 AS "ä ö", 4 AS "__row", 5 AS "c0"`,
        1,
      ],
    ];
    for (const [what, sql, rows] of odd) {
      it(`comes through: ${what}`, async () => {
        const space = await workspace({ '.mldata.yaml': config('data.csv') });
        await space.query(`COPY (${sql}) TO {in.parquet}`);
        const done = await exportIn(space, 'in.parquet', { formats });
        assert.deepEqual([done.rows, done.formats.map(({ status }) => status)], [rows, formats.map(() => 'written')]);
        await wholeExport(space.path('exports/in'));
        const names = async (relation: string) =>
          (await space.query(`DESCRIBE SELECT * FROM ${relation}`)).map((row) => row['column_name']);
        const expected = await names('{in.parquet}');
        for (const relation of [
          '{exports/in/data/data.parquet}',
          'read_csv({exports/in/csv/data.csv}, all_varchar = true, header = true)',
        ])
          assert.deepEqual(await names(relation), expected);
        assert.equal(
          (JSON.parse(await readFile(space.path('exports/in/json/data.json'), 'utf8')) as unknown[]).length,
          rows,
        );
        assert.equal(tableFromIPC(await readFile(space.path('exports/in/arrow/data.arrow'))).numRows, rows);
      });
    }

    it('comes through: a split without rows', async () => {
      const space = await built('split: { train: 0.98, validation: 0.01, test: 0.01, seed: 1 }', 20);
      const done = await exportIn(space, 'd', { formats, where: 'id < 3' });
      assert.ok(done.splits.some(({ rows }) => rows === 0));
      await wholeExport(space.path('exports/d'));
    });

    it('comes through: 5,000 columns', async () => {
      const space = await workspace({ '.mldata.yaml': config('data.csv') });
      const columns = Array.from({ length: 5000 }, (_, index) => `range + ${index} AS c${index}`).join(', ');
      await space.query(`COPY (SELECT ${columns} FROM range(20)) TO {wide.parquet}`);
      const { formats: written } = await exportIn(space, 'wide.parquet', { formats: ['parquet', 'csv', 'jsonl'] });
      assert.deepEqual(
        written.map(({ status }) => status),
        ['written', 'written', 'written'],
      );
    }).timeout(180_000);

    it('that the export would replace is refused', async () => {
      const space = await built();
      await exportIn(space, 'd');
      const again = exportIn(space, 'exports/d/data', { output: 'exports/d', force: true });
      await assert.rejects(again, { code: 'output-is-source' });
      await wholeExport(space.path('exports/d'));
    });
  });

  it('prints one document with --json, also of a wrong use', async () => {
    const space = await built();
    const cases: [string[], number, string][] = [
      [['d'], 0, 'mldata/export'],
      [['d'], 64, 'mldata/error'],
      [['d', '--framework', 'jax'], 64, 'mldata/error'],
      [['d', '--formats', 'xlsx'], 64, 'mldata/error'],
      [['d', '--formats', 'arrow', '--compression', 'gzip'], 64, 'mldata/error'],
      [['nothing'], 64, 'mldata/error'],
    ];
    for (const [args, code, kind] of cases) {
      const run = await space.cli(['export', ...args, '--json']);
      assert.deepEqual([run.code, (JSON.parse(run.stdout) as { kind: string }).kind], [code, kind], run.stderr);
      if (args.includes('jax')) assert.match(run.stderr, /pytorch and huggingface/);
    }
  });
});
