/** Keeps the configuration of whoever runs the tests out of them; mocha loads this first. */
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Nothing stands there. */
const nowhere = path.join(tmpdir(), 'mldata-test-no-config');
process.env['XDG_CONFIG_HOME'] = nowhere;
if (process.platform === 'win32') process.env['APPDATA'] = nowhere;
// Empty is as if they weren't there.
for (const name of ['MLDATA_WORKERS', 'MLDATA_MEMORY_LIMIT', 'CI']) process.env[name] = '';
