/** Questions to whoever sits at the terminal. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cancelled } from '../protocol';

/** Whether somebody can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** No is what nothing means. @param signal what ends the question with an error */
export async function agrees(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}

/**
 * Lines of standard input, one for each name, in their order; at a terminal each is asked for and not shown. Undefined
 * where there are fewer. Throws the cancelled error on Ctrl+C.
 */
export async function readSecrets(names: readonly string[]): Promise<Record<string, string> | undefined> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY;
  const reader = createInterface({ input: process.stdin, output: unseen, terminal });
  const lines = reader[Symbol.asyncIterator]();
  // At a terminal whose keys are read one by one it is a key like others, and no signal.
  const interrupted = new AbortController();
  reader.on('SIGINT', () => {
    interrupted.abort();
    reader.close();
  });
  const secrets: Record<string, string> = {};
  try {
    for (const name of names) {
      if (terminal) process.stderr.write(`${name}: `);
      const line = await lines.next();
      if (terminal) process.stderr.write('\n');
      if (interrupted.signal.aborted) throw cancelled();
      if (line.done === true) return undefined;
      secrets[name] = line.value;
    }
    return secrets;
  } finally {
    reader.close();
  }
}
