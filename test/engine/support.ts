/** A workspace in a temporary folder, builds in it, and questions to what came out. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Database, type Row } from '../../src/engine/duckdb';
import { LocalEngine } from '../../src/engine';
import { checkerOf } from '../../src/engine/checkRows';
import { buildDataset } from '../../src/engine/build';
import { readManifest } from '../../src/engine/manifest';
import { guardOf } from '../../src/engine/schemaGuard';
import {
  qualitySchema,
  type BuildReport,
  type BuildRequest,
  type DatasetBuild,
  type Manifest,
  type Progress,
  type Quality,
  type ValidateProgress,
  type ValidateRequest,
} from '../../src/protocol';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Builds as the extension and the command line have it done: for tests of that. */
export const inProcesses = new LocalEngine(resolve('dist/job.js'));
/** Spares the start of a process for each build. */
export const here = new LocalEngine(resolve('dist/job.js'), (job, onProgress, signal) =>
  buildDataset(job, onProgress, signal, checkerOf(job), guardOf(job)),
);

export class Workspace {
  private constructor(
    readonly folder: string,
    private readonly engine: LocalEngine,
  ) {}

  /** @param files content by path; the config is `.mldata.yaml` among them */
  static async create(files: Files, engine = here): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'mldata-test-')), engine);
    for (const [path, content] of Object.entries(files)) await workspace.write(path, content);
    return workspace;
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    // Artifacts that share their bytes with a kept version are read-only.
    await chmod(this.path(path), 0o644).catch(() => undefined);
    await writeFile(this.path(path), content);
  }

  async build(
    options: Partial<BuildRequest> = {},
    onProgress: (progress: Progress) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<BuildReport> {
    return this.engine.build({ configPath: this.path('.mldata.yaml'), threads: 2, ...options }, onProgress, signal);
  }

  /** Checks a dataset, build or file, as the command line does. */
  async validate(
    target: string,
    options: Partial<ValidateRequest> = {},
    onProgress: (progress: ValidateProgress) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<Quality> {
    const configPath = this.path('.mldata.yaml');
    const request = { target, folder: this.folder, configPath, threads: 2, ...options };
    return qualitySchema.parse(await this.engine.validate(request, onProgress, signal));
  }

  /** Builds the config's only dataset. */
  async buildOne(options: Partial<BuildRequest> = {}): Promise<DatasetBuild> {
    const { datasets } = await this.build(options);
    const [dataset] = datasets;
    if (!dataset || datasets.length > 1) throw new Error(`${datasets.length} datasets were built`);
    return dataset;
  }

  async manifest(name: string): Promise<Manifest> {
    const manifest = await readManifest(this.path('datasets', name));
    if (!manifest) throw new Error(`${name} has no manifest`);
    return manifest;
  }

  /** Every file below the folder, hidden ones too, with forward slashes and in order. */
  async files(path = '.'): Promise<string[]> {
    const entries = await readdir(this.path(path), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.path(path).length + 1)
          .replaceAll('\\', '/'),
      )
      .sort();
  }

  /** Answers a query in which `{path}` stands for the file's relation. */
  async query(sql: string): Promise<Row[]> {
    const database = await Database.open({ threads: 2, memoryLimit: '500MB', spillFolder: this.path('.spill') });
    try {
      return await database.rows(sql.replace(/\{([^}]+)\}/g, (_, path: string) => `'${this.path(path)}'`));
    } finally {
      database.close();
    }
  }

  async cli(
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((done) => {
      execFile(
        process.execPath,
        [resolve('dist/cli.js'), ...args],
        { cwd: options.cwd ?? this.folder, env: { ...process.env, ...options.env }, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
        },
      );
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Workspaces of a suite; they are removed after each test. */
export function workspaces(engine = here): (files: Files) => Promise<Workspace> {
  const open: Workspace[] = [];
  afterEach(async () => {
    for (const workspace of open.splice(0)) await workspace.remove();
  });
  return async (files) => {
    const workspace = await Workspace.create(files, engine);
    open.push(workspace);
    return workspace;
  };
}

/** A config with one dataset `d` over `source`, with more lines of YAML at the dataset's level. */
export function config(source: string, more = ''): string {
  const lines = more.trim() === '' ? '' : `${more.replace(/^/gm, '    ')}\n`;
  return `version: 1\ndatasets:\n  d:\n    source: ${source}\n${lines}`;
}

export const codes = (build: DatasetBuild): string[] => build.findings.map(({ code }) => code);
