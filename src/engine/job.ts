/** Entry of a job process: the engine starts while the rest loads. */
import { join } from 'node:path';
import { runCompiled } from './compiled';
import { startAhead } from './duckdb/driver';

void startAhead().then(() => {
  runCompiled(join(__dirname, 'jobServer.js'));
});
