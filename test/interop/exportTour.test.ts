/** The README's tour of exports, typed as it stands there in a copy of the examples, with the real PyTorch. */
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../host/processes';
import { trainingPython } from '../host/trainingPython';
import { copyWorkspace, remove, repository, temporaryFolder } from '../host/workspace';

/** What stands in place of the first line, which installs and builds: that is done here. */
const FIRST = 'npm ci && npm run demo && cd examples';

describe("the README's tour of exports", function () {
  this.timeout(300_000);
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => remove(folder));

  it('says what is true', async () => {
    const [, section = ''] = (await readFile(path.join(repository, 'README.md'), 'utf8')).split(
      '\n## Hand it to training\n',
    );
    const [shell = '', python = ''] = ['sh', 'python'].map(
      (language) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)?.[1],
    );
    const commands = shell.trim().split('\n');
    assert.equal(commands.shift(), FIRST);

    const examples = await copyWorkspace(path.join(repository, 'examples'), folder);
    const programs = path.join(folder, 'programs');
    await mkdir(programs);
    await symlink(await trainingPython(), path.join(programs, 'python'));
    const PATH = [programs, path.join(repository, 'bin'), process.env['PATH']].join(path.delimiter);
    const typed = (program: string, ...args: string[]): Promise<string> =>
      run(program, args, { cwd: examples, env: { ...process.env, PATH, MLDATA_NODE: process.execPath } });

    await typed('sh', '-c', 'mldata build penguins');
    const said: string[] = [];
    for (const command of commands) said.push(await typed('sh', '-c', command));
    assert.match(
      said.join('\n'),
      /exported as a package for pytorch[^]*epoch 10: loss [^]*package for huggingface[^]*jsonl/,
    );
    await writeFile(path.join(examples, 'tour.py'), python);
    assert.match(
      await typed('python', 'tour.py'),
      /^torch\.Size\(\[256, \d+\]\) torch\.Size\(\[256, \d+\]\) torch\.Size\(\[256\]\)$/m,
    );
    const loading = /load_dataset\("[^"]+"\)/.exec(shell)?.[0] ?? '';
    const offline = `import os; os.environ["HF_HUB_OFFLINE"] = "1"; from datasets import load_dataset; print(${loading})`;
    assert.match(await typed('python', '-c', offline), /train: Dataset/);
  });
});
