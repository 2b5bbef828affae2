/** The user's own config: what holds in all workspaces of one person on one machine unless they say otherwise. */
import { posix, win32 } from 'node:path';
import * as z from 'zod';
import type { Finding } from '../protocol';
import type { UserDefaults } from './layers';
import { readLocated } from './located';
import type { Locate } from './located';
import type { Problem } from './problem';
import { checkLayer } from './resolve';
import { checkShape, isRecord } from './shape';
import { memorySize } from './shorthands';
import { worded } from './words';
import { writtenSchema } from './written';

/** Nobody has more. */
export const MAX_WORKERS = 1024;

/** Sources, columns and folders are matters of one dataset; what is left is what a person may like everywhere. */
const dataset = () => writtenSchema.shape.defaults.unwrap().shape;
const defaults = z.strictObject({
  schema: dataset()
    .schema.unwrap()
    .pick({ extraColumns: true, onError: true })
    .describe('How rows are held against the columns that are declared.')
    .optional(),
  split: dataset()
    .split.unwrap()
    .pick({ train: true, validation: true, test: true, seed: true, writeIndices: true })
    .describe('How the rows are divided into train, validation and test.')
    .optional(),
  output: dataset()
    .output.unwrap()
    .pick({ formats: true, format: true, compression: true })
    .describe('What is written.')
    .optional(),
  drift: dataset()
    .drift.unwrap()
    .pick({ preset: true, method: true, bins: true, epsilon: true, correction: true, share: true })
    .describe('How datasets are compared.')
    .optional(),
});

const engine = z.strictObject({
  workers: worded(z.int().min(1).max(MAX_WORKERS), `a whole number from 1 to ${MAX_WORKERS}`)
    .describe('Engine threads; absent: every core.')
    .optional(),
  cacheSize: worded(z.string().regex(memorySize), 'a size such as 512MB or 10GB')
    .describe('What the cache of a workspace may hold, such as 10GB.')
    .optional(),
  memoryLimit: worded(z.string().regex(memorySize), 'an amount of memory such as 512MB or 4GB')
    .describe('Memory of the engine, such as 4GB; larger data goes through temporary files.')
    .optional(),
});

const network = z.strictObject({
  allowPrivateAddresses: z
    .boolean()
    .describe('Let sources be fetched from this machine and its network: loopback, link-local and private addresses.')
    .optional(),
});
export type UserNetwork = z.infer<typeof network>;

export const userSchema = z.strictObject({
  version: writtenSchema.shape.version,
  defaults: defaults.describe('What every dataset of yours has unless its workspace says otherwise.').optional(),
  engine: engine.describe('How much of this machine builds take. The result does not depend on it.').optional(),
  network: network.describe('What may be reached where sources have an address.').optional(),
});
export type UserEngine = z.infer<typeof engine>;

/** The JSON Schema of a user's own config. */
export function userJsonSchema(): object {
  return {
    title: 'mldata config of a user',
    description: 'What holds in all workspaces of one person on one machine: `mldata/config.yaml`.',
    ...z.toJSONSchema(userSchema, { io: 'input', target: 'draft-7' }),
  };
}

export interface UserConfig {
  readonly path: string;
  /** Each located. With an error among them nothing of the config holds. */
  readonly findings: readonly Finding[];
  readonly defaults: UserDefaults;
  readonly engine: UserEngine;
  readonly network: UserNetwork;
  readonly locate: Locate;
}

/** Reads the text of a user's own config; an empty one says nothing. Never throws. */
export function parseUserConfig(text: string, path: string): UserConfig {
  let sound: z.infer<typeof userSchema> | undefined;
  const { findings, locate } = readLocated(text, path, (data) => {
    if (data === undefined) return [];
    const problems: Problem[] = [];
    const report = (problem: Problem): void => void problems.push(problem);
    checkShape(userSchema, data, [], report);
    const read = userSchema.safeParse(data);
    if (problems.length > 0 || !read.success) return problems;
    checkLayer(read.data.defaults ?? {}, ['defaults'], report);
    if (isRecord(data) && !problems.some(({ severity }) => severity === 'error')) sound = read.data;
    return problems;
  });
  // The editor would look a path up in the config of the workspace.
  const own = findings.map(({ configPath: _configPath, ...finding }) => finding);
  return {
    path,
    findings: own,
    defaults: sound?.defaults ?? {},
    engine: sound?.engine ?? {},
    network: sound?.network ?? {},
    locate,
  };
}

/** Where a person's own config belongs on this system, in the folder that its other programs use. */
export function userConfigPath(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const paths = platform === 'win32' ? win32 : posix;
  const chosen = env[platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME'];
  const usual: Partial<Record<NodeJS.Platform, string>> = {
    win32: paths.join(home, 'AppData', 'Roaming'),
    darwin: paths.join(home, 'Library', 'Application Support'),
  };
  // The rule for these variables: one that is no absolute path is as if it weren't there.
  const folder =
    chosen !== undefined && paths.isAbsolute(chosen) ? chosen : (usual[platform] ?? paths.join(home, '.config'));
  return paths.join(folder, 'mldata', 'config.yaml');
}
