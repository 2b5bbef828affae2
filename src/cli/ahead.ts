/** Imported first: a build's job process loads while this one does. */
import { forkAhead } from '../engine/jobFork';

if (process.argv[2] === 'build' && !process.argv.includes('--dry-run')) forkAhead();
