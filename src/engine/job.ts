/** Entry of a job process: the engine starts while the rest loads. */
import { startAhead } from './duckdb/driver';

void startAhead().then(() => import('./jobServer'));
