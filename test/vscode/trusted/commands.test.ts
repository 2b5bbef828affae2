import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CommandId } from '../../../src/extension/commandIds';
import { extension } from '../support/extension';

interface Contributions {
  readonly commands: readonly { readonly command: string; readonly category: string }[];
  readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
}

describe('commands', () => {
  const contributed = vscode.extensions.getExtension('mldata.mldata')?.packageJSON as { contributes: Contributions };
  const { commands, menus } = contributed.contributes;

  it('are registered, every one that is declared and no other', async () => {
    await extension();
    const registered = (await vscode.commands.getCommands(true)).filter((id) =>
      /^mldata\.(?!(datasets|doctor)\.)/.test(id),
    );
    assert.deepEqual(registered.sort(), commands.map(({ command }) => command).sort());
    assert.deepEqual(registered.sort(), Object.values(CommandId).sort());
  });

  it('stand in one category', () => {
    assert.deepEqual([...new Set(commands.map(({ category }) => category))], ['ML Data']);
  });

  it('are offered in the palette only where they make sense', () => {
    const rules = Object.fromEntries(menus.commandPalette.map(({ command, when }) => [command, when]));
    assert.equal(rules[CommandId.revealArtifact], 'false');
    for (const id of [CommandId.buildDataset, CommandId.buildAll]) {
      assert.match(rules[id] ?? '', /mldata\.hasDatasets && isWorkspaceTrusted/);
    }
    assert.match(rules[CommandId.rebuildDataset] ?? '', /mldata\.hasManifest && isWorkspaceTrusted/);
    const always = Object.values(CommandId).filter((id) => rules[id] === undefined);
    assert.deepEqual(always, [CommandId.showOutput]);
  });
});
