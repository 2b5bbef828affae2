/** Entry of a job process: the engine starts while the rest loads. */
import { join } from 'node:path';
import { runCompiled } from './compiled';
import type * as Driver from './duckdb/driver';

const { startAhead } = runCompiled(join(__dirname, 'driver.js')) as typeof Driver;
void startAhead().then(() => {
  runCompiled(join(__dirname, 'jobServer.js'));
});
