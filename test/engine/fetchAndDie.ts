/**
 * Fetches a file in a process of its own, which a test may kill. Arguments: the address, the target, and how many bytes
 * come between two records. What is logged, and then the outcome, goes to stdout, line by line.
 */
import { Downloader, USUAL } from '../../src/engine/fetch';

const [url = '', target = '', recordBytes = ''] = process.argv.slice(2);
const downloader = new Downloader({
  allowInner: true,
  timing: { ...USUAL, record: { bytes: Number(recordBytes), ms: USUAL.record.ms } },
});
const log = (line: string) => void process.stdout.write(`${line}\n`);

void downloader
  .fetch({ url: new URL(url), target }, { onProgress: () => undefined, log, signal: new AbortController().signal })
  .then(({ outcome }) => {
    log(outcome);
  });
