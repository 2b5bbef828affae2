/** Which program Windows starts: none of the folder that somebody is in. */
import assert from 'node:assert/strict';
import { windowsProgram } from '../../../src/engine/tracking/programPath';

const there = new Set(
  [
    'C:\\repository\\git.exe',
    'C:\\Git\\cmd\\git.exe',
    'C:\\Git\\bin\\git.exe',
    'C:\\py\\dvc.exe',
    'C:\\py\\tool.v2.exe',
  ].map((path) => path.toLowerCase()),
);
const isThere = (path: string) => there.has(path.toLowerCase());

const cases: readonly (readonly [what: string, program: string, folders: string, found: string | undefined])[] = [
  ['the first of the PATH', 'git', 'C:\\none;C:\\Git\\cmd;C:\\Git\\bin', 'C:\\Git\\cmd\\git.exe'],
  ['one with its ending', 'git.exe', 'C:\\Git\\bin', 'C:\\Git\\bin\\git.exe'],
  ['one with a point in its name', 'tool.v2', 'C:\\py', 'C:\\py\\tool.v2.exe'],
  ['none of the current folder', 'git', '', undefined],
  ['none of a folder that is relative', 'git', '.;;repository;C:repository', undefined],
  ['a folder in quotation marks', 'dvc', '"C:\\py"', 'C:\\py\\dvc.exe'],
  ['no folder', 'Git', 'C:\\', undefined],
  ['a path as it is', 'C:\\venv\\python.exe', 'C:\\Git\\cmd', 'C:\\venv\\python.exe'],
  ['a relative path as it is', '.\\venv\\python.exe', 'C:\\Git\\cmd', '.\\venv\\python.exe'],
];

describe('a program on Windows', () => {
  for (const [what, program, folders, found] of cases) {
    it(`is ${what}`, () => {
      assert.equal(windowsProgram(program, folders, isThere), found);
    });
  }
});
