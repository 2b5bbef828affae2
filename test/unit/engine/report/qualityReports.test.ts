/** What checks found, as files for people, code hosts and build servers. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { writeQualityReport } from '../../../../src/engine/report';
import { readFindingDocs } from '../../../../src/engine/report/findingDocs';
import { readGrounds } from '../../../../src/engine/report/grounds';
import { junitXml } from '../../../../src/engine/report/junit';
import { qualityMarkdown } from '../../../../src/engine/report/qualityMarkdown';
import { sarif } from '../../../../src/engine/report/sarif';
import { qualitySchema, type Quality } from '../../../../src/protocol';
import { checkResult, missingFinding, quality, rowFinding } from './qualities';

const repository = path.join(__dirname, '..', '..', '..', '..');

interface SarifPlace {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region?: { readonly startLine: number; readonly startColumn?: number };
  };
  readonly message?: { readonly text: string };
}
interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifPlace[];
  readonly relatedLocations: readonly SarifPlace[];
  readonly occurrenceCount?: number;
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: object }[] } };
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly SarifResult[];
  }[];
}

describe('what checks found, as a report', () => {
  let folder: string;
  let config: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mldata-quality-'));
    await mkdir(path.join(folder, '.git'));
    await mkdir(path.join(folder, 'my data'));
    config = path.join(folder, 'my data', '.mldata.yaml');
    const lines = [
      'version: 1',
      'datasets:',
      '  people:',
      '    source: raw/people.csv',
      '    schema:',
      '      columns:',
    ];
    await writeFile(config, [...lines, '        Age: { type: number, minimum: 0 }', ''].join('\n'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  describe('in SARIF', () => {
    let valid: (document: unknown) => string[];

    before(async () => {
      const file = path.join(repository, 'test', 'fixtures', 'sarif', 'sarif-2.1.0.schema.json');
      // Draft 4 differs from draft 7 in the name of its identifier, and in nothing else that this schema uses.
      const { $schema: _, id: $id, ...schema } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false });
      const validate = ajv.compile({ $id: String($id), ...schema });
      valid = (document) => {
        validate(document);
        return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
      };
    });

    async function written(qualities: readonly Quality[]): Promise<SarifLog> {
      const docs = await readFindingDocs(path.join(repository, 'docs'));
      const grounds = await readGrounds({ documents: qualities, folder });
      return JSON.parse(JSON.stringify(sarif(qualities, grounds, docs))) as SarifLog;
    }

    const cases: Readonly<Record<string, (config: string) => Quality[]>> = {
      'findings of every kind': (at) => [quality({ config: at })],
      'no findings': () => [quality({ findings: [], passed: true })],
      'no config': () => [quality()],
      'a config that is gone': (at) => [quality({ config: `${at}.gone` })],
      'several datasets': (at) => [quality({ config: at }), quality({ config: at, dataset: 'others' })],
      'nothing but a code': () => [
        quality({ findings: [{ check: 'custom', code: 'own', severity: 'info', message: '' }] }),
      ],
    };
    for (const [what, qualities] of Object.entries(cases)) {
      it(`follows the official schema, with ${what}`, async () => {
        assert.deepEqual(valid(await written(qualities(config))), []);
      });
    }

    it('is refused by the schema where it is not SARIF', () => {
      assert.notDeepEqual(
        valid({ version: '2.1.0', runs: [{ tool: { driver: {} }, results: [{ message: {} }] }] }),
        [],
      );
    });

    it('leads to the row of text, and from there to the line of the config, as paths of the repository', async () => {
      const [first] = (await written([quality({ config })])).runs[0]?.results ?? [];
      assert.equal(first?.level, 'error');
      assert.equal(first.occurrenceCount, 2);
      assert.equal(
        first.message.text,
        '2 values of `Age` are below the minimum 0. Correct the values, or lower `minimum`.',
      );
      const [place] = first.locations;
      assert.deepEqual(place?.physicalLocation.artifactLocation, {
        uri: 'my%20data/raw/people.csv',
        uriBaseId: '%SRCROOT%',
      });
      assert.deepEqual(place.physicalLocation.region, {
        startLine: 3,
        startColumn: 4,
        endColumn: 6,
        snippet: { text: '-1' },
      });
      const related = first.relatedLocations.map(({ physicalLocation: { artifactLocation, region } }) => [
        artifactLocation.uri,
        region?.startLine,
      ]);
      assert.deepEqual(related, [
        ['my%20data/raw/people.csv', 6],
        ['my%20data/.mldata.yaml', 7],
      ]);
    });

    it('leads to the line of the config where rows have no lines', async () => {
      const result = (await written([quality({ config })])).runs[0]?.results[1];
      assert.deepEqual(
        [...(result?.locations ?? []), ...(result?.relatedLocations ?? [])].map(({ physicalLocation, message }) => [
          physicalLocation.artifactLocation.uri,
          physicalLocation.region?.startLine,
          message?.text,
        ]),
        [
          ['my%20data/.mldata.yaml', 3, 'The line of the config'],
          ['my%20data/raw/people.parquet', undefined, 'Row 7'],
        ],
      );
    });

    it('has one run with a rule for each code, and says which check could not be made', async () => {
      const [run, ...others] = (await written([quality({ config }), quality({ config, dataset: 'b' })])).runs;
      assert.equal(others.length, 0);
      assert.deepEqual(
        run?.tool.driver.rules.map(({ id }) => id),
        ['constraint-minimum', 'missing-values'],
      );
      assert.deepEqual(
        run.results.map(({ ruleId, ruleIndex }) => run.tool.driver.rules[ruleIndex]?.id === ruleId),
        [true, true, true, true],
      );
      assert.equal(run.invocations[0]?.executionSuccessful, false);
    });

    it('knows a finding again whatever rows it is of, and tells like ones apart', async () => {
      const prints = async (...findings: Quality['findings']): Promise<string[]> =>
        ((await written([quality({ findings })])).runs[0]?.results ?? []).map(
          ({ partialFingerprints }) => partialFingerprints['mldata/finding/v1'] ?? '',
        );
      const [first = '', second, other = ''] = await prints(rowFinding, missingFinding, rowFinding);
      assert.equal(new Set([first, second, other]).size, 3);
      assert.equal(other.replace(/:2$/, ':1'), first);
      const { locations: _, ...elsewhere } = { ...rowFinding, count: 9, message: '9 values of `Age` are below it.' };
      assert.deepEqual(await prints(missingFinding, elsewhere), [second, first]);
    });

    it('says of a rule what the documents say of its code', async () => {
      const docs = await readFindingDocs(path.join(repository, 'docs'));
      assert.equal(docs.get('source-not-found')?.cause, 'A source matches no data file.');
      assert.ok(docs.has('source-corrupt'), 'codes that share a row');
      const code = 'source-not-found';
      const [found] = (await written([quality({ findings: [{ ...missingFinding, code }] })])).runs;
      assert.deepEqual(found?.tool.driver.rules[0]?.help, {
        text: "A source matches no data file. Correct the path; it is relative to the config's folder.",
        markdown: "A source matches no data file. Correct the path; it is relative to the config's folder.",
      });
    });
  });

  describe('in JUnit XML', () => {
    it('has a suite for each dataset and a case for each check and gate', () => {
      const xml = junitXml([quality(), quality({ dataset: 'a&b', checks: [checkResult('missing')], gates: [] })]);
      const all = (pattern: RegExp): (string | undefined)[] => [...xml.matchAll(pattern)].map(([, found]) => found);
      assert.match(
        xml,
        /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="mldata" tests="7" failures="2" /,
      );
      assert.deepEqual(all(/<testsuite ([^>]*)>/g), [
        'name="people" tests="6" failures="2" errors="1" skipped="1" time="1.5" timestamp="2024-01-31T12:34:56"',
        'name="a&amp;b" tests="1" failures="0" errors="0" skipped="0" time="1.5" timestamp="2024-01-31T12:34:56"',
      ]);
      assert.deepEqual(all(/<testcase name="([^"]*)"/g), [
        'schema',
        'missing',
        'labels',
        'custom',
        'gate maxErrors',
        'gate coverage',
        'missing',
      ]);
      assert.equal(all(/<(failure) /g).length, 2);
    });

    it('says what was expected, what there is, and where', () => {
      const xml = junitXml([quality()]);
      const [, failure = ''] = /<failure [^>]*>([^]*?)<\/failure>/.exec(xml) ?? [];
      assert.deepEqual(failure.split('\n'), [
        'Expected: no errors. Actual: 1 error, 0 warnings.',
        '',
        'error constraint-minimum: 2 values of `Age` are below the minimum 0.',
        '  Expected: at least 0',
        '  Actual: -2',
        '  Found: &quot;-1&quot;, &quot;\\u001b[31m-2&quot;',
        '  Where: raw/people.csv:3, raw/people.csv:6',
        '  Correct the values, or lower `minimum`.',
      ]);
      assert.match(xml, /<failure message="Expected: at most 0\. Actual: 1\." type="gate">/);
      assert.match(xml, /<system-out>warning missing-values: `&lt;b&gt;City\|&lt;\/b&gt;` is missing/);
      assert.match(xml, /<skipped message="No column has the role target\."\/>/);
    });
  });

  describe('in Markdown', () => {
    it('says what came of it, check by check, and nothing a file says is markup', () => {
      const text = qualityMarkdown([quality({ sampled: { values: 100, of: 1234, seed: 7 } })], new Map());
      const expected = [
        '# ❌ Validation of `people`',
        'Failed: 1 error and 1 warning from 2 checks of 1,234 rows. 1 check could not be made. 1 gate not passed. A sample: 100 rows of 1,234 (8.1 %), seed 7.',
        '| `schema` | ❌ failed | 1 | 0 | 12 ms |  |',
        '| `labels` | ➖ skipped | 0 | 0 | 12 ms | No column has the role target. |',
        '| `coverage` | ✅ passed | at least 50 % | 75 % |',
        '- **❌ error** 2 values of `Age` are below the minimum 0. Correct the values, or lower `minimum`. (`constraint-minimum`)',
        '  - expected `at least 0`',
        '  - actual `-2`',
        '  - found `-1`, <code>&#92;u001b&#91;31m-2</code>',
        '  - at `raw/people.csv:3`, `raw/people.csv:6`',
        '<code>&#60;b&#62;City&#124;&#60;/b&#62;</code> is missing',
      ];
      for (const part of expected) assert.ok(text.includes(part), `${part}\n\nis not in\n\n${text}`);
    });

    it('ends with what the codes mean that are in it', () => {
      const docs = new Map([
        ['constraint-minimum', { cause: 'A value lies below `minimum`.', remedy: 'See [the steps](transforms.md).' }],
        ['file-empty', { cause: 'No bytes.', remedy: '' }],
      ]);
      const text = qualityMarkdown([quality(), quality({ dataset: 'others' })], docs);
      assert.match(
        text,
        /## What the codes mean\n\n- `constraint-minimum`: A value lies below `minimum`\. See the steps\.\n$/,
      );
    });

    it('says that all is well', () => {
      const text = qualityMarkdown(
        [quality({ passed: true, checks: [checkResult('missing')], gates: [], findings: [] })],
        new Map(),
      );
      assert.match(
        text,
        /^# ✅ Validation of `people`\n\nPassed: 0 errors and 0 warnings from 1 check of 1,234 rows\./,
      );
      assert.match(text, /Nothing was found\.\n$/);
    });
  });

  it('is written as what its name ends in, and as nothing else', async () => {
    const out = path.join(folder, 'out');
    const write = (file: string, ...qualities: Quality[]) =>
      writeQualityReport({ qualities, folder, file: path.join(out, file) });
    await write('a.json', quality());
    await write('b.json', quality(), quality());
    await write('a.JSON', quality());
    await write('a.junit.xml', quality());
    const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(path.join(out, file), 'utf8'));
    assert.deepEqual(qualitySchema.parse(await read('a.json')), quality());
    assert.deepEqual(await read('b.json'), [quality(), quality()]);
    await assert.rejects(write('a.xml', quality()), { code: 'report-format' });
    assert.deepEqual((await readdir(out)).sort(), ['a.JSON', 'a.json', 'a.junit.xml', 'b.json']);
  });
});
