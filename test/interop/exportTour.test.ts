/** The README's tour of exports, typed as it stands there in a copy of the examples, with the real PyTorch. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Workspace } from '../engine/support';
import { run } from '../host/processes';
import { trainingPython } from '../host/trainingPython';
import { repository } from '../host/workspace';

/** What stands in place of the first line, which installs and builds: that is done here. */
const FIRST = 'npm ci && npm run demo && cd examples';

describe("the README's tour of exports", function () {
  this.timeout(300_000);
  let space: Workspace;
  after(() => space.remove());

  it('says what is true', async () => {
    const [, section = ''] = (await readFile(path.join(repository, 'README.md'), 'utf8')).split(
      '\n## Hand it to training\n',
    );
    const [shell = '', python = ''] = ['sh', 'python'].map(
      (language) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)?.[1],
    );
    const commands = shell.trim().split('\n');
    assert.equal(commands.shift(), FIRST);

    space = await Workspace.create({});
    await cp(path.join(repository, 'examples'), space.folder, { recursive: true });
    assert.equal((await space.buildOne({ names: ['penguins'] })).status, 'built');
    const programs = space.path('programs');
    await mkdir(programs);
    await symlink(await trainingPython(), path.join(programs, 'python'));
    const PATH = [programs, path.join(repository, 'bin'), process.env['PATH']].join(path.delimiter);
    const typed = (program: string, ...args: string[]): Promise<string> =>
      run(program, args, { cwd: space.folder, env: { ...process.env, PATH, MLDATA_NODE: process.execPath } });

    const said: string[] = [];
    for (const command of commands) said.push(await typed('sh', '-c', command));
    assert.match(
      said.join('\n'),
      /exported as a package for pytorch[^]*epoch 10: loss [^]*package for huggingface[^]*jsonl/,
    );
    await writeFile(space.path('tour.py'), python);
    assert.match(
      await typed('python', 'tour.py'),
      /^torch\.Size\(\[256, \d+\]\) torch\.Size\(\[256, \d+\]\) torch\.Size\(\[256\]\)$/m,
    );
    const loading = /load_dataset\("[^"]+"\)/.exec(shell)?.[0] ?? '';
    const offline = `import os; os.environ["HF_HUB_OFFLINE"] = "1"; from datasets import load_dataset; print(${loading})`;
    assert.match(await typed('python', '-c', offline), /train: Dataset/);
  });
});
