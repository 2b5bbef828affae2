/** Keeps the configuration of whoever runs the tests out of them; mocha loads this first. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Nothing of ours stands there, and whoever the tests run commands as may look. Of one run: a browser keeps things in it. */
const empty = mkdtempSync(path.join(tmpdir(), 'mldata-test-config-'));
chmodSync(empty, 0o755);
process.on('exit', () => {
  rmSync(empty, { recursive: true, force: true });
});
process.env['XDG_CONFIG_HOME'] = empty;
if (process.platform === 'win32') process.env['APPDATA'] = empty;
// Empty is as if they weren't there.
for (const name of ['MLDATA_WORKERS', 'MLDATA_MEMORY_LIMIT', 'CI']) process.env[name] = '';
