/** A comparison, as files for people and code hosts. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { driftReportEndings, driftVerdict, writeDriftReport } from '../../../../src/engine/report';
import { driftMarkdown } from '../../../../src/engine/report/driftMarkdown';
import { readFindingDocs } from '../../../../src/engine/report/findingDocs';
import { readGrounds } from '../../../../src/engine/report/grounds';
import { reportNumbers } from '../../../../src/engine/report/numbers';
import { sarif } from '../../../../src/engine/report/sarif';
import { driftSchema, type Drift } from '../../../../src/protocol';
import { drift, shifted } from './drifts';

const repository = path.join(__dirname, '..', '..', '..', '..');

describe('a comparison, as a report', () => {
  describe('in a sentence', () => {
    const summary = drift().summary;
    const quiet = { added: [], removed: [], retyped: [], breaking: false };
    const psi = (name: string, value: number) => ({ ...shifted, name, decidedBy: 'psi' as const, value });
    const cases: readonly (readonly [string, Partial<Drift>, string])[] = [
      [
        'of a dataset that drifted',
        { schema: quiet },
        'Drift: 1 of 2 columns drifted (50 %): Fare (Wasserstein distance ÷ sd 0.83).',
      ],
      [
        'of one that drifted too little',
        {
          schema: quiet,
          columns: [shifted, psi('Age', 0.3), psi('Sex', 0.9), { ...psi('Ticket', 7), muted: true }],
          summary: { ...summary, compared: 9, drifted: 2, share: 2 / 9, drift: false },
        },
        '2 of 9 columns drifted, Fare most (Wasserstein distance ÷ sd 0.83); as a whole the dataset did not (22.2 %, drift from 50 %).',
      ],
      [
        'of columns that different tests decide about, by the smallest p-value',
        {
          schema: quiet,
          columns: [
            { ...shifted, decidedBy: 'ks', value: 1e-5 },
            { ...shifted, name: 'Sex', decidedBy: 'chi2', value: 1e-9 },
          ],
          summary: { ...summary, compared: 2, drifted: 2, share: 1 },
        },
        'Drift: 2 of 2 columns drifted (100 %), Sex most (chi-square p 1E-9).',
      ],
      [
        'of columns that one measure decides about, by the one it finds furthest',
        {
          schema: quiet,
          columns: [psi('Age', 0.3), psi('Sex', 0.9), { ...psi('Ticket', 7), muted: true }],
          summary: { ...summary, compared: 3, drifted: 2, share: 2 / 3 },
        },
        'Drift: 2 of 3 columns drifted (66.7 %), Sex most (PSI 0.9).',
      ],
      [
        'of columns that nothing can be told of, and others that came and went',
        {
          schema: { ...quiet, added: ['a', 'b'], retyped: [{ name: 'c', baseline: 'string', current: 'date' }] },
          summary: { ...summary, compared: 1, drifted: 0, insufficient: 1, share: 0, drift: false, severity: 'none' },
        },
        'No drift: 0 of 1 column drifted. 1 column with too few rows to tell. 2 columns added, 1 column of another type.',
      ],
      [
        'of sides that have nothing in common',
        {
          schema: { ...quiet, removed: ['a'] },
          summary: { ...summary, compared: 0, drifted: 0, share: 0, drift: false, severity: 'none' },
        },
        'No column was compared. 1 column removed.',
      ],
    ];
    for (const [what, more, expected] of cases) {
      it(what, () => {
        assert.equal(driftVerdict(drift(more), reportNumbers), expected);
      });
    }
  });

  describe('in Markdown', () => {
    it('says what was compared, by what each column was judged, and what changed in the schema', () => {
      const text = driftMarkdown(drift());
      for (const line of [
        '# ⚠️ Drift of `people`',
        '| baseline | `people@previous` | 1,000 rows, split train, version ab12, built 2026-11-20 |',
        '| current | `people` | 900 rows, as the sources are now |',
        '| `Fare` | number | 🔴 high | Wasserstein distance ÷ sd | 0.83 | from 0.1, 0.2, 0.5 | 0.31 | 0 % → 3.1 % |',
        '- `Cabin` is gone.',
        '- Whoever reads the baseline can no longer read the current side.',
        '- **⚠️ warning** `Fare` drifted: 0.83 standard deviations. (`drift-column`)',
      ]) {
        assert.ok(text.split('\n').includes(line), `${line}\nis not in\n${text}`);
      }
    });

    it('takes no name for markup', () => {
      const name = '| <img src=x> [a](b) `';
      const text = driftMarkdown(
        drift({
          columns: [{ ...shifted, name }],
          schema: { added: [name], removed: [], retyped: [], breaking: false },
        }),
      );
      assert.ok(!text.includes('<img'), text);
      assert.equal(text.split('\n').filter((line) => line.startsWith('| <code>')).length, 1);
    });

    it('lists windows in their order', () => {
      const { summary } = drift();
      const columns = [{ name: 'Fare', status: 'high' as const, missing: 0 }];
      const windows = [{ from: '2026-01-01', to: '2026-02-01', rows: 400, summary, columns }];
      assert.match(
        driftMarkdown(drift({ windows })),
        /\| 2026-01-01 \| 2026-02-01 \| 400 \| 1 of 2 \| 🔴 high \| `Fare` \|/,
      );
    });
  });

  describe('as a file', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'mldata-drift-'));
      await writeFile(
        path.join(folder, '.mldata.yaml'),
        'version: 1\ndatasets:\n  people:\n    source: a.csv\n    drift: { share: 50% }\n',
      );
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('is the document itself in JSON', async () => {
      const file = path.join(folder, 'more', 'drift.json');
      await writeDriftReport({ drift: drift(), file });
      assert.deepEqual(driftSchema.parse(JSON.parse(await readFile(file, 'utf8'))), drift());
    });

    it('follows the schema of SARIF, and leads to the line of the config', async () => {
      const schemaFile = path.join(repository, 'test', 'fixtures', 'sarif', 'sarif-2.1.0.schema.json');
      // Draft 4 differs from draft 7 in the name of its identifier, and in nothing else that this schema uses.
      const {
        $schema: _,
        id: $id,
        ...schema
      } = JSON.parse(await readFile(schemaFile, 'utf8')) as Record<string, unknown>;
      const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false });
      const validate = ajv.compile({ $id: String($id), ...schema });
      const { tool, generatedAt, durationMs, findings } = drift();
      const found = {
        ...{ tool, generatedAt, durationMs, findings, dataset: 'people', rows: 900 },
        config: path.join(folder, '.mldata.yaml'),
      };
      const docs = await readFindingDocs(path.join(repository, 'docs'));
      const log = JSON.parse(
        JSON.stringify(sarif([found], await readGrounds({ documents: [found], folder }), docs)),
      ) as {
        readonly runs: readonly {
          readonly results: readonly {
            readonly ruleId: string;
            readonly locations: readonly {
              readonly physicalLocation: { readonly region: { readonly startLine: number } };
            }[];
          }[];
        }[];
      };
      assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 3)));
      const [result] = log.runs[0]?.results ?? [];
      assert.equal(result?.ruleId, 'drift-column');
      assert.equal(result.locations[0]?.physicalLocation.region.startLine, 5);
    });

    it('is refused under another name, and nothing is written', async () => {
      const before = await readdir(folder);
      await assert.rejects(writeDriftReport({ drift: drift(), file: path.join(folder, 'drift.pdf') }), {
        code: 'report-format',
        message: new RegExp(driftReportEndings.join(', ')),
      });
      assert.deepEqual(await readdir(folder), before);
    });
  });
});
