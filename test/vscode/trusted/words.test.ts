/** What is said on the way and on the side. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { progressText } from '../../../src/extension/commands/buildWords';
import { ProgressBar } from '../../../src/extension/commands/progressBar';
import type { Dataset } from '../../../src/extension/datasets/model';
import { exportProgressText } from '../../../src/extension/export/progressText';
import { artifactTooltip, columnTooltip, datasetTooltip, splitTooltip } from '../../../src/extension/views/tooltips';
import type { ExportProgress, Progress } from '../../../src/protocol';

describe('progress', () => {
  const cases: readonly (readonly [progress: Omit<Progress, 'dataset'>, text: string])[] = [
    [
      {
        step: 'fetch',
        detail: 'https://e.org/a.csv',
        fraction: 0,
        bytes: 3 << 20,
        bytesPerSecond: 1 << 20,
        etaSeconds: 7,
      },
      'towns: fetching https://e.org/a.csv · 3 MiB · 1 MiB/s · 7 s left',
    ],
    [{ step: 'resolve', fraction: 0 }, 'towns: finding files · 0 %'],
    [{ step: 'read', detail: 'a.csv', fraction: 0.4267 }, 'towns: reading a.csv · 42 %'],
    [{ step: 'write', detail: 'train', fraction: 0.999, etaSeconds: 12.4 }, 'towns: writing train · 99 % · 12 s left'],
    [{ step: 'hash', fraction: 0.5, etaSeconds: 0.2 }, 'towns: hashing · 50 % · 1 s left'],
    [{ step: 'publish', fraction: 1, etaSeconds: 90 }, 'towns: putting files in place · 100 % · 1 min 30 s left'],
  ];
  for (const [progress, text] of cases) {
    it(text, () => {
      assert.equal(progressText({ dataset: 'towns', ...progress }), text);
    });
  }

  const exporting: readonly (readonly [progress: ExportProgress, text: string])[] = [
    [{ step: 'read', fraction: 0.1 }, 'reading · 10 %'],
    [{ step: 'write', format: 'jsonl', fraction: 0.4 }, 'writing JSON Lines · 40 %'],
    [
      { step: 'write', format: 'parquet', fraction: 0.4267, bytes: 96 * 1024 ** 2, bytesPerSecond: 118 * 1024 ** 2 },
      'writing Parquet · 42 % · 96 MiB · 118 MiB/s',
    ],
    [{ step: 'package', fraction: 0.9 }, 'writing the package · 90 %'],
  ];
  for (const [progress, text] of exporting) {
    it(`of an export: ${text}`, () => {
      assert.equal(exportProgressText(progress), text);
    });
  }

  it('fills one bar over all datasets of all configs, and never takes anything back', () => {
    const shown: [message: string, increment: number][] = [];
    const bar = new ProgressBar(4, (message, increment) => shown.push([message, increment]));
    bar.begin(['a', 'b']);
    bar.show({ dataset: 'a', step: 'read', detail: 'a.csv', fraction: 0.5 });
    bar.show({ dataset: 'a', step: 'read', fraction: 0.25 });
    bar.show({ dataset: 'needed', step: 'read', fraction: 0.75 });
    bar.show({ dataset: 'needed', step: 'publish', fraction: 1, done: true });
    bar.show({ dataset: 'b', step: 'write', fraction: 0.5, etaSeconds: 5 });
    bar.show({ dataset: 'a', step: 'publish', fraction: 1, done: true });
    bar.finish();
    bar.begin(['c', 'd']);
    bar.show({ dataset: 'd', step: 'publish', fraction: 1 });
    assert.deepEqual(shown, [
      ['a: reading a.csv · 50 %', 12.5],
      ['a: reading · 25 %', 0],
      ['a: reading · 25 %, needed: reading · 75 %', 0],
      ['a: reading · 25 %', 0],
      ['a: reading · 25 %, b: writing · 50 %', 12.5],
      ['b: writing · 50 % · 5 s left', 12.5],
      ['d: putting files in place · 100 %', 37.5],
    ]);
  });
});

describe('tooltips', () => {
  const nasty = '[x](command:a.b) **b** <b> `c` | $(zap)\nnext\n\n# head ![i](https://example.org/i.png)';
  const hashes = { sha256: nasty, md5: nasty };
  const tooltips: Readonly<Record<string, vscode.MarkdownString>> = {
    dataset: datasetTooltip({
      name: nasty,
      config: vscode.Uri.file('/a/.mldata.yaml'),
      manifestProblem: nasty,
      status: 'never',
      staleBecause: [],
      unchecked: [],
    } satisfies Dataset),
    column: columnTooltip({ name: nasty, type: 'string', physicalType: nasty, role: nasty, description: nasty }),
    split: splitTooltip({ name: nasty, rows: 1, classes: [{ value: nasty, rows: 1 }] }, 1),
    artifact: artifactTooltip({ path: nasty, bytes: 1, ...hashes, kind: 'data', format: nasty, rows: 1 }),
  };
  for (const [what, tooltip] of Object.entries(tooltips)) {
    it(`of a ${what} show names and values as they are, whatever Markdown is in them`, () => {
      assert.deepEqual([tooltip.isTrusted, tooltip.supportHtml, tooltip.supportThemeIcons], [undefined, false, false]);
      assert.match(tooltip.value, /command:a/);
      assert.doesNotMatch(tooltip.value, /(?<!\\)\]\(|(?<!\\)!\[|(?<!\\)`|<b>|^# |(?<!^)(?<!\\)\*\*b/m);
      const rows = tooltip.value.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|--'));
      assert.deepEqual(
        [...new Set(rows.map((row) => row.split('|').length))].filter((cells) => cells !== 4),
        [],
      );
    });
  }
});
