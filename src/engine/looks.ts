/** Looks at sources for whoever writes a config. What was seen is kept, so that typing reads no file twice. */
import { dirname, join } from 'node:path';
import { foldersOf, memoryBytes, parseConfig, type UserConfig } from '../config';
import { Database } from './duckdb';
import { eachOf } from './eachOf';
import { digest, stampOf } from './incremental';
import type { Limits } from './limits';
import { lookAtFiles, stepsAgainst, type Seen } from './look';
import { rootOf } from './run';
import { openScratch } from './scratch';
import { listFiles, type SourceFile } from './sources';
import { textOf } from './userLayer';
import { cancelled, MldataError, type DatasetSpec, type Finding, type LookRequest, type SourceLook } from '../protocol';

/** Nobody waits for a look: more of the machine would be taken from what somebody waits for. */
const MOST_THREADS = 2;
const MOST_MEMORY = 500e6;
/** So many sources are remembered. */
const KEPT = 50;

export class Looks {
  private readonly seen = new Map<string, Seen>();

  /**
   * What stands in the way of reading is among the findings. Throws `dataset-unknown` where the config has no such dataset
   * with a source, `config-unreadable`, `engine-missing`, and when cancelled.
   */
  async look(
    request: LookRequest,
    user: UserConfig | undefined,
    limits: Limits,
    signal: AbortSignal,
  ): Promise<SourceLook> {
    const { spec, isSound, datasets } = await draftOf(request, user);
    const { name: dataset } = spec;
    const context = { folder: dirname(request.configPath), root: rootOf(request), datasets, signal };
    try {
      const files = await listFiles(spec.source, context, dataset);
      const fingerprint = await fingerprintOf(files, spec, signal);
      const seen = this.seen.get(fingerprint) ?? (await lookAt(files, spec, limits, signal));
      this.keep(fingerprint, seen);
      const { allColumns, ...known } = seen;
      // Of steps that are wrong in themselves more is known by the config.
      const aboutSteps = isSound && seen.columns.length > 0 ? stepsAgainst(spec, seen.columns, allColumns) : [];
      return { dataset, fingerprint, ...known, findings: [...known.findings, ...aboutSteps] };
    } catch (error) {
      const findings = unreadFindings(error, dataset);
      return { dataset, fingerprint: '', rows: 0, partial: false, columns: [], findings };
    }
  }

  /** The one that nobody asked for the longest goes first. */
  private keep(fingerprint: string, seen: Seen): void {
    this.seen.delete(fingerprint);
    this.seen.set(fingerprint, seen);
    const [oldest] = this.seen.keys();
    if (this.seen.size > KEPT && oldest !== undefined) this.seen.delete(oldest);
  }
}

interface Draft {
  readonly spec: DatasetSpec;
  /** Whether nothing of it was left out because it is wrong. */
  readonly isSound: boolean;
  readonly datasets: ReturnType<typeof foldersOf>;
}

async function draftOf({ configPath, dataset, text }: LookRequest, user: UserConfig | undefined): Promise<Draft> {
  const parsed = parseConfig(text ?? (await textOf(configPath)) ?? '', configPath, user);
  const spec = parsed.drafts.find(({ name }) => name === dataset);
  if (spec === undefined)
    throw new MldataError('usage', 'dataset-unknown', `${configPath} has no dataset ${dataset} with a source.`);
  const isSound = parsed.datasets.some(({ name }) => name === dataset);
  return { spec, isSound, datasets: foldersOf(spec, parsed.drafts) };
}

/** Of what files, and how they are read and declared: all that decides what is seen. */
async function fingerprintOf(
  files: readonly SourceFile[],
  { name, schema }: DatasetSpec,
  signal: AbortSignal,
): Promise<string> {
  const stamps = await eachOf(files, async ({ path, format, options }) => {
    if (signal.aborted) throw cancelled();
    return [path, (await stampOf(path))?.text, format, options];
  });
  return digest(JSON.stringify([name, schema, stamps]));
}

async function lookAt(
  files: readonly SourceFile[],
  { name: dataset, schema }: DatasetSpec,
  limits: Limits,
  signal: AbortSignal,
): Promise<Seen> {
  // Not beside the config: whoever only opens it has asked for no folder there.
  const { folder: scratch, release } = await openScratch(undefined);
  try {
    const database = await Database.open({
      threads: Math.min(MOST_THREADS, limits.threads),
      memoryLimit: `${Math.floor(Math.min(MOST_MEMORY, memoryBytes(limits.memoryLimit)) / 1e6)}MB`,
      spillFolder: join(scratch, 'spill'),
      signal,
    });
    try {
      return await lookAtFiles(files, { database, dataset, schema, scratch, signal });
    } finally {
      database.close();
    }
  } finally {
    await release();
  }
}

/** What an error says of the source. Throws it where it is about something else. */
function unreadFindings(error: unknown, dataset: string): Finding[] {
  if (!(error instanceof MldataError) || error.kind === 'cancelled' || error.code === 'engine-missing') throw error;
  // That another dataset is not built yet is nothing wrong in the config.
  if (error.code === 'not-built') return [];
  const { code, message } = error;
  const errors = error.findings.filter(({ severity }) => severity === 'error');
  const told: readonly Finding[] = errors.length > 0 ? errors : [{ code, severity: 'error', message }];
  return told.map((finding) => ({
    ...finding,
    // Nothing is wrong in the config, but nothing can be told of the columns either.
    ...(code === 'not-fetched' && { severity: 'info' as const }),
    dataset,
    configPath: finding.configPath ?? ['datasets', dataset, 'source'],
  }));
}
