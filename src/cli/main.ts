/** Entry of the command line, `mldata`: the job process that reads rows starts while the rest loads. */
import { join } from 'node:path';
import { runCompiled } from '../engine/compiled';
import { forkAhead } from '../engine/jobFork';

/** Commands that leave the rows to one. */
const readRows = ['build', 'preview', 'profile', 'validate', 'drift', 'diff', 'export'];

const [, , command = '', ...options] = process.argv;
if (readRows.includes(command) && !options.some((option) => ['--dry-run', '--help', '-h'].includes(option))) {
  forkAhead();
}
runCompiled(join(__dirname, 'commandLine.js'));
