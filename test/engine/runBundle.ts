/** Loads the bundle that it is given as an argument, as the command line loads its own. */
import { runCompiled } from '../../src/engine/compiled';

runCompiled(process.argv[2] ?? '');
