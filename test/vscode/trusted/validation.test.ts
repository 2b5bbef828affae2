import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extension, folder, makeFolder, write } from '../support/extension';

const config = (limit: string) => `version: 1
datasets:
  orders:
    source: orders.csv
    checks: { missing: ${limit} }
    output: { path: out }
`;

describe('validation by itself', () => {
  let shop: vscode.Uri;
  const settings = () => vscode.workspace.getConfiguration('mldata');
  const set = (setting: string, value: boolean | undefined) =>
    settings().update(setting, value, vscode.ConfigurationTarget.Workspace);
  const at = (name: string) => vscode.Uri.joinPath(shop, name);
  before(async () => {
    const { store } = await extension();
    shop = vscode.Uri.joinPath(folder(), 'corner-shop');
    await makeFolder(shop);
    await write(at('orders.csv'), 'id,price\n1,2.5\n2,\n3,4\n');
    await write(at('.mldata.yaml'), config('90%'));
    await store.refresh();
  });
  after(async () => {
    await set('validate.onSave', undefined);
    await set('validate.afterBuild', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(shop, { recursive: true });
  });

  /** What `validate` is asked for while something is done. */
  async function validatedDuring(work: () => Promise<unknown>): Promise<string[]> {
    const { engine } = await extension();
    const asked: string[] = [];
    const validate = engine.validate.bind(engine);
    engine.validate = (request, ...rest) => {
      asked.push(request.target);
      return validate(request, ...rest);
    };
    try {
      await work();
    } finally {
      engine.validate = validate;
    }
    return asked;
  }

  const save = async (text: string) => {
    const document = await vscode.workspace.openTextDocument(at('.mldata.yaml'));
    const editor = await vscode.window.showTextDocument(document);
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await editor.edit((edit) => edit.replace(all, text));
    await document.save();
  };
  const missing = () =>
    vscode.languages
      .getDiagnostics(at('.mldata.yaml'))
      .find(({ message }) => /values? of price (is|are) missing/.test(message));

  it('is not made unless it is asked for', async () => {
    const asked = await validatedDuring(async () => {
      await save(config('80%'));
      await new Promise((later) => setTimeout(later, 1500));
    });
    assert.deepEqual(asked, []);
  });

  it('is made when a config is saved, and its findings stand among the problems', async () => {
    await set('validate.onSave', true);
    const asked = await validatedDuring(async () => {
      await save(config('10%'));
      await eventually('the problem', missing, 30_000);
    });
    assert.deepEqual(asked, ['orders']);
  });

  it('is made after a build', async () => {
    await set('validate.onSave', undefined);
    await save(config('95%'));
    await set('validate.afterBuild', true);
    const asked = await validatedDuring(async () => {
      await vscode.commands.executeCommand('mldata.buildDataset', { config: at('.mldata.yaml'), name: 'orders' });
      await eventually('no problem', () => (missing() === undefined ? true : undefined), 30_000);
    });
    assert.deepEqual(asked, ['orders']);
  });
});
