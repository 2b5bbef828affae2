/** Writing what checks found as the kind of file that its name asks for. */
import type { QualityReportRequest } from '../../protocol';
import { readFindingDocs } from './findingDocs';
import { readGrounds } from './grounds';
import { qualityHtml } from './html';
import { junitXml } from './junit';
import { qualityMarkdown } from './qualityMarkdown';
import { replaceFile, unknownEnding } from './replaceFile';
import { sarif } from './sarif';

type Write = (request: QualityReportRequest) => string | Promise<string>;

const asJson = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

const writers: Readonly<Record<string, Write>> = {
  '.json': ({ qualities }) => asJson(qualities.length === 1 ? qualities[0] : qualities),
  '.md': async ({ qualities }) => qualityMarkdown(qualities, await readFindingDocs()),
  '.html': async ({ qualities }) => qualityHtml(qualities, await readFindingDocs()),
  '.sarif': async ({ qualities, folder }) =>
    asJson(sarif(qualities, await readGrounds({ documents: qualities, folder }), await readFindingDocs())),
  '.junit.xml': ({ qualities }) => junitXml(qualities),
};

/** What the name of such a report ends in. */
export const qualityReportEndings = Object.keys(writers);

/** Replaces the file as a whole. Throws `report-format` for another ending, and `report-unwritable`. */
export async function writeQualityReport(request: QualityReportRequest): Promise<void> {
  const { file } = request;
  const ending = qualityReportEndings.find((each) => file.toLowerCase().endsWith(each));
  const write = ending === undefined ? undefined : writers[ending];
  if (write === undefined) throw unknownEnding(file, qualityReportEndings);
  await replaceFile(file, await write(request));
}
