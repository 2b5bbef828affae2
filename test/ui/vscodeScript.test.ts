/** `npm run vscode` where there is no desktop VS Code. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { keep, stopTree } from '../host/processes';
import { repository } from '../host/workspace';

describe('npm run vscode', function () {
  this.timeout(90_000);

  it('opens a server on the examples, prints its address, and ends with all of it when asked to', async () => {
    const script = path.join('scripts', 'vscode.ts');
    const child = keep(process.execPath, ['--import', 'tsx', script, '--server'], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const found = /(http:\/\/\S+)\s/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`It ended without an address:\n${output}`)));
    });
    const { searchParams } = new URL(address);
    assert.match(searchParams.get('folder') ?? '', /\/examples$/);
    assert.match(searchParams.get('payload') ?? '', /extensionDevelopmentPath/);
    const response = await fetch(address);
    assert.equal(response.status, 200);
    assert.match(await response.text(), /vscode-workbench-web-configuration/);
    await stopTree(child);
    await assert.rejects(fetch(address));
  });
});
