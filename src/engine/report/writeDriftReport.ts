/** Writing a comparison as the kind of file that its name asks for. */
import { dirname, extname } from 'node:path';
import type { Drift, DriftReportRequest } from '../../protocol';
import { driftMarkdown } from './driftMarkdown';
import { readFindingDocs } from './findingDocs';
import { readGrounds } from './grounds';
import { driftHtml } from './html';
import { replaceFile, unknownEnding } from './replaceFile';
import { sarif } from './sarif';

const asJson = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

const writers = new Map<string, (request: DriftReportRequest) => string | Promise<string>>([
  ['.json', ({ drift }) => asJson(drift)],
  ['.md', ({ drift }) => driftMarkdown(drift)],
  ['.html', ({ drift }) => driftHtml(drift)],
  ['.sarif', async ({ drift, file }) => asJson(await driftSarif(drift, dirname(file)))],
]);

/** What the name of such a report ends in. */
export const driftReportEndings = [...writers.keys()];

/** Replaces the file as a whole. Throws `report-format` for another ending, and `report-unwritable`. */
export async function writeDriftReport(request: DriftReportRequest): Promise<void> {
  const write = writers.get(extname(request.file).toLowerCase());
  if (write === undefined) throw unknownEnding(request.file, driftReportEndings);
  await replaceFile(request.file, await write(request));
}

/** @param folder where the report goes: without a config, paths are those of its repository */
async function driftSarif(drift: Drift, folder: string): Promise<object> {
  const { config, tool, generatedAt, durationMs, findings, current } = drift;
  const found = {
    ...{ tool, generatedAt, durationMs, findings },
    ...(config !== undefined && { config }),
    dataset: drift.dataset ?? current.dataset,
    rows: current.rows,
  };
  return sarif([found], await readGrounds({ documents: [found], folder }), await readFindingDocs());
}
