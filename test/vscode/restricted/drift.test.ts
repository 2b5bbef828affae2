/** Comparing in a workspace that nobody trusts. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension, folder } from '../support/extension';

describe('drift in Restricted Mode', () => {
  const file = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
  const config = vscode.Uri.joinPath(folder(), '.mldata.yaml');

  for (const [command, ...args] of [
    ['mldata.showDrift', { config, name: 'people', baseline: 'previous' }],
    ['mldata.compareForDrift', file, [file, config]],
  ] as const)
    it(`is not compared by ${command}, even when it is called: no engine starts, and no panel opens`, async () => {
      const { engine } = await extension();
      await vscode.commands.executeCommand(command, ...args);
      const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label }) => label);
      assert.deepEqual([engine.pid, labels.filter((label) => label.endsWith(': Drift'))], [undefined, []]);
    });
});
