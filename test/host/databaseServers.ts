/**
 * The real PostgreSQL and MariaDB that sources are read from: installed ones, else Debian's packages, unpacked into the
 * user's cache folder (once, 30 MB). Each server has its data in a temporary folder and a port of its own on loopback.
 */
import type { ChildProcess } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  /** A path as clients take it: of a file, or for PostgreSQL of the folder that it lies in. */
  readonly socket: string;
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

/** A key with the certificate of the host `localhost`, which is its own authority. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

export async function certificateOfLocalhost(folder: string): Promise<Certificate> {
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-nodes', '-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-days', '2', ...names, ...files]);
  return { key, certificate };
}

/** A PostgreSQL, whose database `postgres` the user `tester` owns. With a certificate it offers TLS. */
export async function startPostgres(tls?: Certificate): Promise<DatabaseServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mldata-postgres-'));
  const { bin, env } = await postgres(folder);
  const secret = path.join(folder, 'secret');
  await writeFile(secret, password);
  if (isRoot) for (const owned of [folder, secret]) await chown(owned, NOBODY, NOBODY);
  const data = path.join(folder, 'data');
  const initdb = ['-D', data, '-U', user, '-A', 'scram-sha-256', `--pwfile=${secret}`, '--no-sync', '--no-locale'];
  await run(...asNobody(path.join(bin, 'initdb'), [...initdb, '-E', 'UTF8']), { cwd: folder, env });
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=20',
    // The compiler of queries is not unpacked.
    'jit=off',
    ...(tls ? ['ssl=on', ...(await ownedTls(tls, folder))] : []),
  ];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const server = keep(...asNobody(path.join(bin, 'postgres'), args), { cwd: folder, env, stdio: 'ignore' });
  const pidFile = path.join(data, 'postmaster.pid');
  // The last of its lines says how far it is.
  await until(server, async () => /^ready/m.test(await readFile(pidFile, 'utf8')));
  return serverAt('postgres', 'postgres', port, server, folder, folder);
}

/** The server takes a key only that is its own. */
async function ownedTls({ key, certificate }: Certificate, folder: string): Promise<string[]> {
  const own = { ssl_key_file: path.join(folder, 'key.pem'), ssl_cert_file: path.join(folder, 'certificate.pem') };
  await copyFile(key, own.ssl_key_file);
  await copyFile(certificate, own.ssl_cert_file);
  for (const file of Object.values(own)) {
    await chmod(file, 0o600);
    if (isRoot) await chown(file, NOBODY, NOBODY);
  }
  return Object.entries(own).map(([name, file]) => `${name}=${file}`);
}

/** A MariaDB with a database `data`, all of which the user `tester` may use. With a certificate it offers TLS. */
export async function startMariadb(tls?: Certificate): Promise<DatabaseServer> {
  const { program, share, libraries } = await mariadb();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mldata-mariadb-'));
  const data = path.join(folder, 'data');
  const tables = path.join(folder, 'tables.sql');
  await mkdir(data);
  const scripts = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  const texts = await Promise.all(scripts.map((name) => readFile(path.join(share, name), 'utf8')));
  await writeFile(tables, ['CREATE DATABASE mysql;', 'USE mysql;', ...texts].join('\n'));
  const env = withLibraries(libraries);
  const common = [
    '--no-defaults',
    ...(isRoot ? ['--user=root'] : []),
    `--datadir=${data}`,
    // Servers that start at the same time remove each other's temporary tables from a common one.
    `--tmpdir=${folder}`,
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
  const secure = tls ? [`--ssl-key=${tls.key}`, `--ssl-cert=${tls.certificate}`] : [];
  const pidFile = path.join(folder, 'pid');
  const args = [
    ...common,
    ...network,
    ...secure,
    '--skip-name-resolve',
    `--init-file=${accounts}`,
    `--pid-file=${pidFile}`,
  ];
  const server = keep(program, args, { env, stdio: 'ignore' });
  await until(server, async () => (await readFile(pidFile, 'utf8')) !== '' && (await answers(port)));
  return serverAt('mysql', 'data', port, server, folder, path.join(folder, 'socket'));
}

function serverAt(
  scheme: string,
  database: string,
  port: number,
  server: ChildProcess,
  folder: string,
  socket: string,
): DatabaseServer {
  return {
    port,
    socket,
    pid: server.pid ?? 0,
    url: (secret = encodeURIComponent(password)) => `${scheme}://${user}:${secret}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await stopTree(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of `initdb` and `postgres`, and the environment that they need. */
async function postgres(folder: string): Promise<{ bin: string; env: NodeJS.ProcessEnv }> {
  const installed = await newestBin('/usr/lib/postgresql');
  if (installed !== undefined) return { bin: installed, env: process.env };
  const unpacked = path.join(await fromPackage('postgresql'), 'usr');
  const usr = isRoot ? path.join(folder, 'usr') : unpacked;
  // Nobody may not look into root's home.
  if (isRoot)
    await cp(unpacked, usr, { recursive: true, filter: (file) => !/^libLLVM|^share$/.test(path.basename(file)) });
  if (isRoot)
    await cp(path.join(unpacked, 'share/postgresql'), path.join(usr, 'share/postgresql'), { recursive: true });
  const bin = (await newestBin(path.join(usr, 'lib/postgresql'))) ?? '';
  return { bin, env: withLibraries(await librariesOf(usr)) };
}

function withLibraries(folders: readonly string[]): NodeJS.ProcessEnv {
  return { ...process.env, LD_LIBRARY_PATH: [...folders, process.env['LD_LIBRARY_PATH'] ?? ''].join(':') };
}

/** Where a package's libraries lie: folders named for the kind of machine. */
async function librariesOf(usr: string): Promise<string[]> {
  return (await readdir(path.join(usr, 'lib'))).map((name) => path.join(usr, 'lib', name));
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
  const libraries = await librariesOf(path.join(root, 'usr'));
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
