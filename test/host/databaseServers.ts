/**
 * The real PostgreSQL and MariaDB that sources are read from: installed ones, else Debian's packages, unpacked into the
 * user's cache folder (once, 30 MB). Each server has its data in a temporary folder and a port of its own on loopback.
 */
import type { ChildProcess } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached, exists } from './cache';
import { unpackDebian } from './debianPackages';
import { keep, onPath, run, stopTree } from './processes';

export const password = 'pa55 wörd/@:?#%';
export const user = 'tester';

export interface DatabaseServer {
  readonly port: number;
  /** Its own process; its workers are children or threads of it. */
  readonly pid: number;
  /** With the password in it, for clients of the tests; `secret` stands in place of the password. */
  url(secret?: string): string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root, so that it runs as nobody there. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const START_MS = 60_000;

/** A PostgreSQL with a database `data`, which the user `tester` owns. */
export async function startPostgres(): Promise<DatabaseServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mldata-postgres-'));
  const bin = await postgresBin(folder);
  const secret = path.join(folder, 'secret');
  await writeFile(secret, password);
  if (isRoot) for (const owned of [folder, secret]) await chown(owned, NOBODY, NOBODY);
  const data = path.join(folder, 'data');
  const initdb = ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${secret}`, '--no-sync', '--no-locale'];
  await run(...asNobody(path.join(bin, 'initdb'), [...initdb, '-E', 'UTF8']), { cwd: folder });
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=20',
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = keep(...asNobody(path.join(bin, 'postgres'), args), { cwd: folder, stdio: 'ignore' });
  const pidFile = path.join(data, 'postmaster.pid');
  // The last of its lines says how far it is.
  await until(server, async () => /^ready/m.test(await readFile(pidFile, 'utf8')));
  return serverAt('postgres', 'postgres', port, server, folder);
}

/** A MariaDB with a database `data`, all of which the user `tester` may use. */
export async function startMariadb(): Promise<DatabaseServer> {
  const { program, share, libraries } = await mariadb();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mldata-mariadb-'));
  const data = path.join(folder, 'data');
  const tables = path.join(folder, 'tables.sql');
  await mkdir(data);
  const scripts = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  const texts = await Promise.all(scripts.map((name) => readFile(path.join(share, name), 'utf8')));
  await writeFile(tables, ['CREATE DATABASE mysql;', 'USE mysql;', ...texts].join('\n'));
  const env = { ...process.env, LD_LIBRARY_PATH: [...libraries, process.env['LD_LIBRARY_PATH'] ?? ''].join(':') };
  const common = [
    '--no-defaults',
    ...(isRoot ? ['--user=root'] : []),
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${path.join(share, 'charsets')}`,
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
  ];
  const bootstrap = [program, ...common, '--bootstrap'].map((word) => `'${word}'`).join(' ');
  await run('/bin/sh', ['-c', `${bootstrap} < '${tables}'`], { env });
  const accounts = path.join(folder, 'accounts.sql');
  await writeFile(
    accounts,
    `CREATE DATABASE data CHARACTER SET utf8mb4;\nCREATE USER '${user}'@'%' IDENTIFIED BY '${password}';\n` +
      `GRANT ALL ON *.* TO '${user}'@'%' WITH GRANT OPTION;\n`,
  );
  const port = await freePort();
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${path.join(folder, 'socket')}`];
  const pidFile = path.join(folder, 'pid');
  const args = [...common, ...network, '--skip-name-resolve', `--init-file=${accounts}`, `--pid-file=${pidFile}`];
  const server = keep(program, args, { env, stdio: 'ignore' });
  await until(server, async () => (await readFile(pidFile, 'utf8')) !== '' && (await answers(port)));
  return serverAt('mysql', 'data', port, server, folder);
}

function serverAt(scheme: string, database: string, port: number, server: ChildProcess, folder: string) {
  return {
    port,
    pid: server.pid ?? 0,
    url: (secret = encodeURIComponent(password)) => `${scheme}://${user}:${secret}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await stopTree(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of `initdb` and `postgres`. */
async function postgresBin(folder: string): Promise<string> {
  const installed = await newestBin('/usr/lib/postgresql');
  if (installed !== undefined) return installed;
  const unpacked = await fromPackage('postgresql');
  if (!isRoot) return (await newestBin(path.join(unpacked, 'usr/lib/postgresql'))) ?? '';
  // Nobody may not look into root's home.
  await cp(path.join(unpacked, 'usr'), path.join(folder, 'usr'), { recursive: true });
  return (await newestBin(path.join(folder, 'usr/lib/postgresql'))) ?? '';
}

async function newestBin(versions: string): Promise<string | undefined> {
  const names = await readdir(versions).catch(() => []);
  const newest = names.sort((a, b) => Number(b) - Number(a))[0];
  const bin = path.join(versions, newest ?? '', 'bin');
  return newest !== undefined && (await exists(path.join(bin, 'initdb'))) ? bin : undefined;
}

async function mariadb(): Promise<{ program: string; share: string; libraries: readonly string[] }> {
  const installed = onPath('mariadbd');
  if (installed !== undefined && (await exists('/usr/share/mysql/mysql_system_tables.sql')))
    return { program: installed, share: '/usr/share/mysql', libraries: [] };
  const root = await fromPackage('mariadb-server-core');
  const triplets = await readdir(path.join(root, 'usr/lib'));
  const libraries = triplets.map((name) => path.join(root, 'usr/lib', name));
  return { program: path.join(root, 'usr/sbin/mariadbd'), share: path.join(root, 'usr/share/mysql'), libraries };
}

function fromPackage(name: string): Promise<string> {
  return cached(`${name}-debian-${process.arch}`, async (staging) => {
    console.log(`Fetching ${name} for the tests (once) …`);
    await unpackDebian([name], staging).catch((error: unknown) => {
      throw new Error(`These tests need ${name}: install it (Debian: apt-get install ${name}).`, { cause: error });
    });
  });
}

function asNobody(program: string, args: readonly string[]): [string, readonly string[]] {
  const ids = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  return isRoot ? ['setpriv', [...ids, program, ...args]] : [program, args];
}

/** Waits until it is ready; throws when it ends before, or takes too long. */
async function until(server: ChildProcess, ready: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end;) {
    if (await ready().catch(() => false)) return;
    if (server.exitCode !== null) throw new Error(`The database server ended with ${server.exitCode}`);
    await sleep(50);
  }
  await stopTree(server);
  throw new Error('The database server did not start in time');
}

export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
