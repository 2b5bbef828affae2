/** The real PyTorch that exported packages are read by. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache';
import { unpackDebian } from './debianPackages';
import { run } from './processes';
import { findPython, testPython, testRequirements } from './python';

const CHECK = 'import torch.distributed, torch.multiprocessing; torch.from_numpy(torch.zeros(1).numpy())';

/**
 * Path of the Python of the tests with PyTorch for the CPU. PyPI has that for macOS and Windows; its wheels for Linux
 * are half a gigabyte for graphics cards, so there it is Debian's package, of PyTorch 1.13 (once, 150 MB).
 */
export async function trainingPython(): Promise<string> {
  if (process.platform !== 'linux') return findPython('torch', ['-r', testRequirements, 'torch']);
  const python = await testPython();
  const environment = path.basename(path.dirname(path.dirname(python)));
  const folder = await cached(`${environment}-torch`, async (staging) => {
    console.log('Fetching PyTorch for the tests (once) …');
    try {
      await unpackDebian(['python3-torch', 'libtorch1.13'], staging);
      await writeLauncher(python, staging);
      // Compiled while it is at it, whatever the environment says: else each of many workers compiles it again.
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '' };
      await run(launcherIn(staging), ['-c', CHECK], { env });
    } catch (error) {
      throw new Error(
        'These tests need PyTorch for the CPU, of the packages python3-torch and libtorch1.13: on Linux run them on ' +
          'Debian 12 with its Python 3.11 first on PATH, and let apt-get reach its archive once.',
        { cause: error },
      );
    }
  });
  return launcherIn(folder);
}

/** The environment in which that Python has Pillow too, which packages need for nothing but images. */
export async function withPillow(): Promise<NodeJS.ProcessEnv> {
  const python = await findPython('pillow-11.3.0', ['pillow==11.3.0']);
  const where = 'import PIL; print(PIL.__path__[0])';
  return { ...process.env, PYTHONPATH: path.dirname((await run(python, ['-c', where])).trim()) };
}

/** A Python that knows where the package and its libraries lie; what it starts in turn inherits that. */
async function writeLauncher(python: string, folder: string): Promise<void> {
  await rm(path.join(folder, 'usr', 'share'), { recursive: true });
  // Of Debian's other modules, none may stand before those of the tests.
  await mkdir(path.join(folder, 'modules'));
  await symlink('../usr/lib/python3/dist-packages/torch', path.join(folder, 'modules', 'torch'));
  await mkdir(path.join(folder, 'bin'));
  const script = `#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
triplet=$(basename "$(echo "$here"/usr/lib/*-linux-gnu)")
of_machine=$here/usr/lib/$triplet
export LD_LIBRARY_PATH="$of_machine:$of_machine/blas:$of_machine/lapack:$here/usr/lib:$here/lib/$triplet"
export PYTHONPATH="$here/modules\${PYTHONPATH:+:$PYTHONPATH}"
exec '${python}' "$@"
`;
  await writeFile(launcherIn(folder), script, { mode: 0o755 });
}

function launcherIn(folder: string): string {
  return path.join(folder, 'bin', 'python');
}
