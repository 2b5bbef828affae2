import assert from 'node:assert/strict';
import { Console } from '../../../src/cli/console';

/** What a console writes on standard error. */
function written(work: (output: Console) => void): string {
  const write = process.stderr.write.bind(process.stderr);
  let text = '';
  process.stderr.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    work(new Console({ quiet: false, verbose: false }));
  } finally {
    process.stderr.write = write;
  }
  return text;
}

describe('words for a terminal', () => {
  for (const [what, text, shown] of [
    ['an escape sequence', 'a\u001b[31mred', 'a\\x1b[31mred'],
    ['a carriage return', 'one\rtwo', 'one\\x0dtwo'],
    ['a control character beyond ASCII', 'a\u009b2Jb', 'a\\x9b2Jb'],
    ['what turns the direction around', 'train\u202egpj.csv', 'train\\u202egpj.csv'],
    ['what isolates a direction', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['line ends and tabs, which are ours', 'a\n\tb', 'a\n\tb'],
    ['letters of any script', 'größe, שלום, 日本', 'größe, שלום, 日本'],
  ] as const) {
    it(`shows ${what}`, () => {
      assert.equal(
        written((output) => {
          output.line(text);
        }),
        `${shown}\n`,
      );
    });
  }
});
