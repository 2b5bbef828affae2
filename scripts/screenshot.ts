/**
 * A picture of the workbench, for a look at how it turned out:
 * `tsx scripts/screenshot.ts --workspace DIR [--theme NAME] [--command TITLE]… [--open FILE] [--wait SECONDS] --out FILE.png`
 */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openWorkbench } from '../test/host/workbench';
import { repository } from '../test/host/workspace';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string', default: path.join(repository, 'examples') },
      theme: { type: 'string' },
      restricted: { type: 'boolean', default: false },
      /** Opened in an editor first; relative to the workspace. */
      open: { type: 'string' },
      command: { type: 'string', multiple: true, default: [] },
      /** Seconds to wait after each command. */
      wait: { type: 'string', default: '2' },
      out: { type: 'string', default: 'test-output/screenshot.png' },
    },
  });
  const workbench = await openWorkbench({
    workspace: path.resolve(values.workspace),
    trusted: !values.restricted,
    ...(values.theme === undefined ? {} : { theme: values.theme }),
  });
  try {
    const settle = async (): Promise<void> => workbench.page.waitForTimeout(Number(values.wait) * 1000);
    await settle();
    if (values.open !== undefined) {
      await workbench.openFile(values.open);
      await settle();
    }
    for (const command of values.command) {
      await workbench.command(command);
      await settle();
    }
    const picture = await workbench.screenshot(`.${process.pid}`);
    await mkdir(path.dirname(path.resolve(values.out)), { recursive: true });
    await copyFile(picture, values.out);
    await rm(picture);
  } finally {
    await workbench.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
