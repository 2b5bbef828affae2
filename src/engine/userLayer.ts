/** The user's own config at work: its values under those of a workspace, and what is said when they change a build. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import {
  parseConfig,
  parseUserConfig,
  resolvedValue,
  userConfigPath,
  type ParsedConfig,
  type UserConfig,
} from '../config';
import {
  hasErrors,
  MAX_SAMPLES,
  MldataError,
  worstFirst,
  type BuildRequest,
  type DatasetBuild,
  type DatasetSpec,
  type Finding,
  type Origins,
  type RunOptions,
} from '../protocol';

export function userFile(): string {
  return userConfigPath(process.env, process.platform, homedir());
}

/** Undefined where there is none. Throws `config-unreadable` and `config-invalid`. */
export async function readUserConfig(): Promise<UserConfig | undefined> {
  const file = userFile();
  const text = await textOf(file);
  if (text === undefined) return undefined;
  const user = parseUserConfig(text, file);
  if (!hasErrors(user.findings)) return user;
  throw new MldataError(
    'config',
    'config-invalid',
    `Your own config, ${file}, has errors. Correct them, or move the file away.`,
    user.findings,
  );
}

/** Whether sources may be fetched from this machine and its network: whoever owns the machine says so, no repository. */
export function allowsInner({ allowPrivateAddresses }: RunOptions, user: UserConfig | undefined): boolean {
  return allowPrivateAddresses ?? user?.network.allowPrivateAddresses ?? false;
}

/** Undefined where no file stands. Throws `config-unreadable`. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new MldataError('config', 'config-unreadable', `${file} cannot be read: ${message}.`);
  }
}

/** What the layers below and above a config did to its datasets. */
export class LayersOfBuild {
  private readonly notes = new Map<string, Finding>();

  constructor(
    private readonly parsed: ParsedConfig,
    private readonly request: BuildRequest,
    user: UserConfig | undefined,
    private readonly specs: readonly DatasetSpec[],
  ) {
    if (user === undefined) return;
    const without = parseConfig(parsed.text, parsed.path).datasets;
    for (const spec of specs) {
      const finding = this.changesOf(
        spec,
        without.find(({ name }) => name === spec.name),
        user,
      );
      if (finding) this.notes.set(spec.name, finding);
    }
  }

  /** Throws `user-layer-changes-output` where builds have to come out the same for everybody. */
  refuseInCi(): void {
    if (this.notes.size === 0 || !isCi()) return;
    throw new MldataError(
      'config',
      'user-layer-changes-output',
      'The config of the user who runs this changes the output, and CI is set. Nothing was built.',
      [...this.notes.values()],
    );
  }

  /** For the manifest; undefined where every value is the dataset's own or built in. */
  originsOf(name: string): Origins | undefined {
    const origins: Origins = {};
    const divided = this.specs.find((spec) => spec.name === name)?.split !== undefined;
    for (const [key, { layer }] of this.parsed.valuesOf(name)) {
      if (isOfProgram(key) && layer !== 'dataset' && (divided || !key.startsWith('split.'))) origins[key] = layer;
    }
    for (const key of optionKeys(this.request, name)) origins[key] = 'option';
    return Object.keys(origins).length === 0 ? undefined : origins;
  }

  /** With the warning, which stands in no file: it names a folder of this machine. */
  told(build: DatasetBuild): DatasetBuild {
    const note = this.notes.get(build.dataset);
    return note ? { ...build, findings: worstFirst([...build.findings, note]) } : build;
  }

  private changesOf(spec: DatasetSpec, without: DatasetSpec | undefined, user: UserConfig): Finding | undefined {
    const optional = optionKeys(this.request, spec.name);
    const changing = [...this.parsed.valuesOf(spec.name)].filter(([key, { layer }]) => {
      if (layer !== 'user' || !isOfProgram(key) || optional.includes(key)) return false;
      return !without || !isDeepStrictEqual(resolvedValue(spec, key), resolvedValue(without, key));
    });
    if (changing.length === 0) return undefined;
    const keys = changing.map(([key]) => `\`${key}\``).join(', ');
    const places = changing.flatMap(([, { path }]) => user.locate(path, 'key') ?? []);
    return {
      code: 'user-layer-changes-output',
      severity: isCi() ? 'error' : 'warning',
      message: `The output of ${spec.name} follows your own config (${keys}): others who build it get another one.`,
      dataset: spec.name,
      count: places.length,
      locations: places.slice(0, MAX_SAMPLES),
      suggestion: 'Write it in the config of the workspace, or remove it from your own.',
    };
  }
}

/** Whether what is built follows it: checks say whether that is good, drift how far it is from something else, tracking who keeps it. */
function isOfProgram(key: string): boolean {
  const beside = key.startsWith('drift.') || key.startsWith('tracking.');
  return !beside && !['checks', 'gates', 'schema.evolution'].includes(key);
}

/** The keys that options of the command take the place of: of what was asked for, not of what that is made from. */
function optionKeys({ names, format, compression }: BuildRequest, dataset: string): string[] {
  if (names !== undefined && !names.includes(dataset)) return [];
  return [
    ...(format === undefined ? [] : ['output.formats']),
    ...(compression === undefined ? [] : ['output.compression']),
  ];
}

/** As services for continuous integration set it. */
function isCi(): boolean {
  return ['true', '1'].includes((process.env['CI'] ?? '').toLowerCase());
}
