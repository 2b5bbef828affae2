/**
 * Opens a real VS Code on `examples/` with the extension of this checkout: the desktop one where `code` is on PATH,
 * else a server, whose address is printed. `--server` prefers the server; a folder may be named instead of `examples/`.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exitOf, onPath, run } from '../test/host/processes';
import { startServer, workbenchUrl } from '../test/host/server';
import { userSettings } from '../test/host/settings';
import { repository, temporaryFolder } from '../test/host/workspace';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { server: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const folder = path.resolve(positionals[0] ?? path.join(repository, 'examples'));
  const code = values.server ? undefined : onPath('code', 'code-insiders');
  if (code !== undefined) {
    const shell = process.platform === 'win32';
    await run(shell ? `"${code}"` : code, [`--extensionDevelopmentPath=${repository}`, folder], { shell });
    return;
  }
  const server = await startServer({ data: await temporaryFolder(), settings: userSettings({}), trusted: true });
  console.log(
    `VS Code is open at\n\n  ${workbenchUrl(server, { folder, developmentPath: repository })}\n\nCtrl+C ends it.`,
  );
  await exitOf(server.process);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
