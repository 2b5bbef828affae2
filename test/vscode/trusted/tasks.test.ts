import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extension, folder, makeFolder, write } from '../support/extension';

const CONFIG = `version: 1
datasets:
  orders:
    source: orders.csv
    schema: { columns: { id: { type: integer }, price: { type: number } } }
    output: { formats: [csv], path: out }
`;

/** The exit code of the process. */
async function ranToEnd(task: vscode.Task): Promise<number | undefined> {
  const ended = new Promise<number | undefined>((resolve) => {
    const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== task.name) return;
      listening.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

describe('tasks of type mldata', () => {
  let shop: vscode.Uri;
  before(async () => {
    const { store } = await extension();
    shop = vscode.Uri.joinPath(folder(), 'shop');
    await makeFolder(shop);
    await write(vscode.Uri.joinPath(shop, 'orders.csv'), 'id,price\n1,2.5\n2,cheap\n3,4\n4,dear\n');
    await write(vscode.Uri.joinPath(shop, '.mldata.yaml'), CONFIG);
    await store.refresh();
  });
  after(async () => vscode.workspace.fs.delete(shop, { recursive: true }));

  it('are offered for each command, on each dataset and on all', async () => {
    const offered = await vscode.tasks.fetchTasks({ type: 'mldata' });
    const names = offered.map(({ name }) => name);
    for (const name of ['build all datasets', 'build people', 'validate people']) assert.ok(names.includes(name), name);
    assert.ok(names.includes('build orders (shop/.mldata.yaml)'));
    const build = offered.find(({ name }) => name === 'build people');
    assert.equal(build?.group?.id, vscode.TaskGroup.Build.id);
  });

  it('build, and put each problem on the line of the data', async () => {
    const offered = await vscode.tasks.fetchTasks({ type: 'mldata' });
    const task = offered.find(({ name }) => name === 'build orders (shop/.mldata.yaml)');
    assert.ok(task);
    assert.equal(await ranToEnd(task), 1);
    const data = vscode.Uri.joinPath(shop, 'orders.csv');
    const look = () => {
      const found = vscode.languages.getDiagnostics(data).map(({ range }) => range.start.line + 1);
      return found.length >= 2 ? found : undefined;
    };
    const lines = await eventually('problems in the data', look, 30_000);
    assert.deepEqual([...new Set(lines)].sort(), [3, 5]);
  });

  it('are taken from tasks.json', async () => {
    const tasks = vscode.Uri.joinPath(folder(), '.vscode', 'tasks.json');
    const definition = {
      type: 'mldata',
      command: 'build',
      dataset: 'people',
      args: ['--dry-run'],
      label: 'look first',
    };
    await write(tasks, JSON.stringify({ version: '2.0.0', tasks: [definition] }));
    const task = await eventually('the task', async () =>
      (await vscode.tasks.fetchTasks()).find(({ name }) => name === 'look first'),
    );
    assert.equal(await ranToEnd(task), 0);
    await vscode.workspace.fs.delete(tasks);
  });
});
