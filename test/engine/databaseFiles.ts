/** Files of databases as other programs leave them, or hold them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onPath } from '../host/processes';

/** A process that answers each line with a line. */
class Other {
  private readonly lines: AsyncIterator<string>;

  protected constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error('It says nothing');
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  protected async said(): Promise<string> {
    const next = await this.lines.next();
    if (next.done === true) throw new Error('It ended');
    return next.value;
  }

  protected async ask(line: string): Promise<string> {
    this.child.stdin?.write(`${line}\n`);
    return this.said();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.child.stdin?.end();
    await once(this.child, 'exit');
  }
}

const PYTHON = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
for line in sys.stdin:
    try:
        database.execute(line.rstrip("\\n")).fetchall()
        print("done", flush=True)
    except Exception as error:
        print(error, flush=True)
`;

/** The SQLite that comes with Python, which locks files as all others do. */
export class Sqlite extends Other {
  static async open(path: string): Promise<Sqlite> {
    const python = onPath('python3', 'python');
    if (python === undefined) throw new Error('These tests need Python: install it, and run them again.');
    const opened = new Sqlite(spawn(python, ['-c', PYTHON, path], { stdio: ['pipe', 'pipe', 'inherit'] }));
    await opened.run('SELECT 1');
    return opened;
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      const answer = await this.ask(statement);
      if (answer !== 'done') throw new Error(`${statement}: ${answer}`);
    }
  }
}

/** More than stays in memory, so that the file is written to before the end of the transaction. */
export const spilling: readonly string[] = [
  'PRAGMA cache_size = 5',
  'INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT hex(randomblob(500)) FROM n',
];

const HOLDER = `
const { DuckDBInstance } = require('@duckdb/node-api');
DuckDBInstance.create(process.argv[1]).then(() => console.log('held'));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
`;

class Holder extends Other {
  static async of(path: string): Promise<Holder> {
    const holder = new Holder(spawn(process.execPath, ['-e', HOLDER, path], { stdio: ['pipe', 'pipe', 'inherit'] }));
    await holder.said();
    return holder;
  }
}

/** A process that has a DuckDB file open for writing. */
export function holdDuckdb(path: string): Promise<{ end: () => Promise<void> }> {
  return Holder.of(path);
}

const MASK = (1n << 64n) - 1n;
const HEADER_BYTES = 4096;
const VERSION_AT = 12;

/** A DuckDB file as one of another version: its header, with the checksum that begins it. */
export function asOfVersion(file: Buffer, version: bigint): Buffer {
  const changed = Buffer.from(file);
  changed.writeBigUInt64LE(version, VERSION_AT);
  let sum = 5381n;
  for (let at = 8; at < HEADER_BYTES; at += 8) sum ^= (changed.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n) & MASK;
  changed.writeBigUInt64LE(sum, 0);
  return changed;
}
