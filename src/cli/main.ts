/** Entry of the command line, `mldata`: a build's job process starts while the rest loads. */
import { forkAhead } from '../engine/jobFork';

if (process.argv[2] === 'build' && !process.argv.includes('--dry-run')) forkAhead();
void import('./commandLine');
