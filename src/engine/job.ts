/** Entry of a job process: the engine starts while the rest of the bundle loads. */
import { startAhead } from './duckdb/driver';

void startAhead().then(() => import('./jobServer'));
