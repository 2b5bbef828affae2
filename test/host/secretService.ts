/**
 * A desktop's keyring without a desktop: the real gnome-keyring behind a D-Bus of its own, in a temporary home. Debian's
 * packages, unpacked into the user's cache folder (once, 10 MB).
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from './cache';
import { unpackDebian } from './debianPackages';
import { keep, stopTree } from './processes';

export interface SecretService {
  /** What a process is given that is to find it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startSecretService(): Promise<SecretService> {
  const root = await cached(`gnome-keyring-debian-${process.arch}`, async (staging) => {
    console.log('Fetching gnome-keyring for the tests (once) …');
    await unpackDebian(['gnome-keyring', 'dbus-daemon'], staging);
  });
  const home = await mkdtemp(path.join(os.tmpdir(), 'mldata-keyring-'));
  const triplets = await readdir(path.join(root, 'usr/lib'));
  const libraries = triplets.flatMap((name) => ['usr/lib', 'lib'].map((folder) => path.join(root, folder, name)));
  const ready = path.join(home, 'ready');
  const address = `unix:path=${path.join(home, 'bus')}`;
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_DATA_HOME: home,
    GSETTINGS_BACKEND: 'memory',
    DBUS_SESSION_BUS_ADDRESS: address,
    PATH: `${path.join(root, 'usr', 'bin')}:${process.env['PATH'] ?? ''}`,
    LD_LIBRARY_PATH: [...libraries, process.env['LD_LIBRARY_PATH'] ?? ''].join(':'),
  };
  const own = path.join(root, 'usr/share/dbus-1/session.conf');
  const bus = existsSync(own) ? own : '/usr/share/dbus-1/session.conf';
  const script = `dbus-daemon --config-file="$1" --address="$2" --nofork --nopidfile &
    until [ -S "$3/bus" ]; do sleep 0.05; done
    printf pw | gnome-keyring-daemon --unlock --components=secrets --foreground &
    until ls "$3"/keyring/control >/dev/null 2>&1; do sleep 0.05; done
    touch "$3/ready"; wait`;
  const server = keep('/bin/sh', ['-c', script, 'sh', bus, address, home], { env, stdio: 'ignore' });
  for (let tries = 0; !existsSync(ready); tries++) {
    if (tries > 600 || server.exitCode !== null) throw new Error('The keyring did not start');
    await sleep(50);
  }
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address },
    stop: async () => {
      if (server.exitCode === null && server.signalCode === null) await stopTree(server);
      await rm(home, { recursive: true, force: true });
    },
  };
}
