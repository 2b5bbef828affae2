/** Entry of the command line, `mldata`: a build's job process starts while the rest loads. */
import { join } from 'node:path';
import { runCompiled } from '../engine/compiled';
import { forkAhead } from '../engine/jobFork';

if (process.argv[2] === 'build' && !process.argv.includes('--dry-run')) forkAhead();
runCompiled(join(__dirname, 'commandLine.js'));
