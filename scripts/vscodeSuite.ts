/** Runs one suite inside a real VS Code, or some files of it: `tsx scripts/vscodeSuite.ts trusted|restricted|no-folder [FILE…]`. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { findDesktop } from '../test/host/desktop';
import { userSettings } from '../test/host/settings';
import { dvcProgram } from '../test/host/trackingPython';
import { copyWorkspace, remove, repository, temporaryFolder } from '../test/host/workspace';

/** Each variant is a folder `test/vscode/VARIANT/` of tests, and the state in which VS Code opens for them. */
const variants = {
  trusted: { folder: true, restricted: false },
  restricted: { folder: true, restricted: true },
  'no-folder': { folder: false, restricted: false },
} as const;
type Variant = keyof typeof variants;

async function main(variant: Variant, files: readonly string[]): Promise<void> {
  const { folder, restricted } = variants[variant];
  const temporary = await temporaryFolder();
  const output = path.join(temporary, 'output.txt');
  const data = path.join(temporary, 'user');
  try {
    const workspace = path.join(repository, 'test', 'vscode', 'workspace');
    const opened = folder ? [await copyWorkspace(workspace, temporary)] : [];
    await mkdir(path.join(data, 'User'), { recursive: true });
    await writeFile(path.join(data, 'User', 'settings.json'), JSON.stringify(userSettings({})));
    const desktop = await findDesktop();
    console.log(`VS Code host: ${desktop === undefined ? 'server' : 'desktop'}, ${variant}`);
    await runTests({
      vscodeExecutablePath: path.join(
        repository,
        'test/host',
        process.platform === 'win32' ? 'launcher.cmd' : 'launcher',
      ),
      extensionDevelopmentPath: repository,
      extensionTestsPath: path.join(repository, 'dist', 'test', 'vscode', 'index.js'),
      launchArgs: [...opened, `--user-data-dir=${data}`, `--extensions-dir=${path.join(temporary, 'extensions')}`],
      extensionTestsEnv: {
        // Nothing stands there: the tests see no config of whoever runs them.
        [process.platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME']: path.join(temporary, 'config'),
        MLDATA_TEST_VARIANT: variant,
        MLDATA_TEST_RESTRICTED: restricted ? '1' : '0',
        MLDATA_TEST_DESKTOP: desktop,
        MLDATA_TEST_OUTPUT: output,
        ...(files.length > 0 && { MLDATA_TEST_FILES: files.map((file) => path.resolve(file)).join(path.delimiter) }),
        ...(variant === 'trusted' && { MLDATA_TEST_DVC: (await dvcProgram())[0] }),
      },
    });
  } finally {
    await showOutput(output);
    await keepLog(path.join(data, 'workbench.log'), variant);
    await remove(temporary);
  }
}

async function showOutput(file: string): Promise<void> {
  console.log(await readFile(file, 'utf8').catch(() => 'The suite did not start.'));
}

/** What VS Code itself logged, for the case that a suite fails for no reason of its own. */
async function keepLog(file: string, variant: Variant): Promise<void> {
  const folder = path.join(repository, 'test-output');
  await mkdir(folder, { recursive: true });
  await copyFile(file, path.join(folder, `vscode-${variant}.log`)).catch(() => undefined); // a desktop has its own logs
}

const [variant = '', ...files] = process.argv.slice(2);
if (!(variant in variants)) {
  console.error(`Name a suite: ${Object.keys(variants).join(', ')}.`);
  process.exit(1);
}
main(variant as Variant, files).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
