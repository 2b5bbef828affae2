/** Adds lines to a log of alerts, as a build does. Arguments: the log, a name for the builds, how many. */
import { appendAlert } from '../../src/engine/alerts/log';

const [path = '', build = '', lines = ''] = process.argv.slice(2);

void (async () => {
  for (let line = 0; line < Number(lines); line++) {
    await appendAlert(path, {
      kind: 'mldata/alert',
      version: 1,
      at: String(line),
      dataset: 'd',
      build,
      baseline: 'a',
      severity: 'high',
      message: `d: a column drifted. ${'x'.repeat(5000)}`,
      columns: [],
    });
  }
})();
