/** The tools of others that mldata can work with, as the doctor looks for them. */
import { findDvcProgram, gitVersion, lfsProgram, runProgram } from './tracking';
import type { Check, Outcome } from './doctor';

export interface ToolPlace {
  readonly folder: string;
  /** The Python to ask, as a command line; absent: the one of the PATH. */
  readonly python?: readonly string[];
  /** Whether the config has Git LFS keep files. */
  readonly needsLfs: boolean;
}

/** One that nothing asks for is not configured; one that the config needs has failed. */
export function toolChecks({ folder, python, needsLfs }: ToolPlace): Check[] {
  // Starting Python takes a while; both ask the same one.
  let asked: Promise<PythonFacts | undefined> | undefined;
  const facts = (signal: AbortSignal) => (asked ??= pythonFacts(folder, python, signal));
  const tools: Readonly<Record<string, (signal: AbortSignal) => Promise<Outcome>>> = {
    git: async (signal) => {
      const version = await gitVersion(folder, signal);
      return version === undefined
        ? absent('Git was not found.', 'Install it (https://git-scm.com).', needsLfs)
        : found(version);
    },
    'git-lfs': async (signal) => {
      const { version, filters } = await lfsProgram(folder, signal);
      if (version === null) {
        return absent(
          'Git LFS was not found.',
          'Install it (https://git-lfs.com) and run `git lfs install`.',
          needsLfs,
        );
      }
      return filters
        ? found(version)
        : absent(
            `Version ${version}, which git does not call: files would be committed as they are.`,
            'Run `git lfs install` once.',
            needsLfs,
          );
    },
    dvc: async (signal) => {
      const program = await findDvcProgram(undefined, folder, signal);
      return program === undefined
        ? absent('DVC was not found; mldata writes its files without it.', 'To push and pull: `pip install dvc`.')
        : found(program.version);
    },
    python: async (signal) => {
      const known = await facts(signal);
      return known === undefined
        ? absent('No Python was found.', 'Install it to use exported packages (https://www.python.org).')
        : found(known.python, known.path);
    },
    torch: async (signal) => {
      const known = await facts(signal);
      if (known?.torch) return found(known.torch, known.path);
      const where = known === undefined ? 'There is no Python to look in.' : `${known.path} does not have PyTorch.`;
      return absent(where, 'To use exported packages: `pip install torch pyarrow`.');
    },
  };
  return Object.entries(tools).map(([name, run]) => ({ group: 'tool', name, run }));
}

function found(version: string, place?: string): Outcome {
  return { state: 'ok', message: `Version ${version}${place === undefined ? '' : `, ${place}`}.` };
}

function absent(message: string, suggestion: string, needed = false): Outcome {
  return { state: needed ? 'failed' : 'notConfigured', message, suggestion };
}

interface PythonFacts {
  readonly path: string;
  readonly python: string;
  readonly torch: string | null;
}

/** To import PyTorch would take seconds. */
const SCRIPT = `import importlib.metadata as m, json, platform, sys
try: torch = m.version('torch')
except m.PackageNotFoundError: torch = None
print(json.dumps({'path': sys.executable, 'python': platform.python_version(), 'torch': torch}))`;

async function pythonFacts(
  folder: string,
  chosen: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<PythonFacts | undefined> {
  for (const command of chosen === undefined ? [['python3'], ['python']] : [chosen]) {
    // Isolated: what lies in the folder is not run.
    const ran = await runProgram([...command, '-I', '-c', SCRIPT], { folder, signal });
    if (ran?.code === 0) return JSON.parse(ran.stdout.toString()) as PythonFacts;
  }
  return undefined;
}
