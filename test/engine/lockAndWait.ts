/** Takes a lock and says how it went; gives it back when its input is closed. Arguments: the lock, the state folder. */
import { join } from 'node:path';
import { lock } from '../../src/engine/locks';
import { runId } from '../../src/engine/runs';

const [path = '', state = ''] = process.argv.slice(2);
lock(path, join(state, 'tmp', runId()), 'd').then(
  (release) => {
    process.stdin.resume().once('end', () => void release());
    process.stdout.write('taken');
  },
  (error: unknown) => process.stdout.write((error as { code: string }).code),
);
