/** A folder with a config, for the tests of exporting. */
import { readFile, rm } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Export } from '../../../src/protocol';
import { extension, folder, makeFolder, write } from './extension';

const rows = Array.from({ length: 40 }, (_, row) => `town ${row},${row},${9007199254740993n + BigInt(row)},${row % 2}`);
/** 40 towns, with ids beyond what JSON's readers hold. */
export const TOWNS = `name,people,id,coast\n${rows.join('\n')}\n`;

export class ExportHome {
  private constructor(
    /** Below the opened folder. */
    readonly name: string,
    readonly uri: vscode.Uri,
  ) {}

  static async make(name: string, config: string): Promise<ExportHome> {
    const { store } = await extension();
    const home = new ExportHome(name, vscode.Uri.joinPath(folder(), name));
    await makeFolder(home.uri);
    await write(home.file('towns.csv'), TOWNS);
    await write(home.config, config);
    await store.refresh();
    return home;
  }

  get config(): vscode.Uri {
    return this.file('.mldata.yaml');
  }
  file(...names: string[]): vscode.Uri {
    return vscode.Uri.joinPath(this.uri, ...names);
  }
  at(...names: string[]): string {
    return path.join(this.uri.fsPath, ...names);
  }
  /** As menus name it. */
  dataset(name: string): object {
    return { config: this.config, name };
  }
  async exported(...names: string[]): Promise<Export> {
    return JSON.parse(await readFile(this.at(...names, 'export.json'), 'utf8')) as Export;
  }
  async remove(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(this.uri.fsPath, { recursive: true, force: true });
  }
}
