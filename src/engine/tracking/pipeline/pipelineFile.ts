/** `dvc.yaml`: the stages it has, and which of them mldata wrote. */
import type { Document } from 'yaml';
import * as z from 'zod';
import { MldataError, type Finding } from '../../../protocol';
import { readText } from '../../readText';
import { checkedYaml } from '../dvc/checkedYaml';

const paths = z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).nullish();

const stageSchema = z.looseObject({
  cmd: z.union([z.string(), z.array(z.string())]).optional(),
  wdir: z.string().nullish(),
  deps: paths,
  params: paths,
  outs: paths,
  metrics: paths,
  plots: paths,
  meta: z.unknown().optional(),
});
export type WrittenStage = z.infer<typeof stageSchema>;

const pipelineSchema = z.looseObject({ stages: z.record(z.string(), stageSchema).nullish() });

/** What mldata notes in a stage of its own: `paths` are the entries of its lists that it wrote; others are somebody's. */
const noteSchema = z.object({ mldata: z.object({ dataset: z.string(), paths: z.array(z.string()).default([]) }) });
export type StageNote = z.infer<typeof noteSchema>['mldata'];

export interface PipelineFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly document: Document;
  readonly stages: Readonly<Record<string, WrittenStage>>;
}

/** Undefined where there is none. Throws `dvc-yaml-broken`. */
export async function readPipeline(path: string): Promise<PipelineFile | undefined> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw broken(path, message);
  }
  return parsePipeline(text, path);
}

/** Throws `dvc-yaml-broken`. @param path absolute */
export function parsePipeline(text: string, path: string): PipelineFile {
  const read = checkedYaml(text, pipelineSchema);
  if ('fault' in read) {
    const { why, line, column } = read.fault;
    throw broken(path, why, { line, column });
  }
  return { path, text, document: read.document, stages: read.data.stages ?? {} };
}

/** What mldata noted in it; undefined where it noted nothing. */
export function noteOf({ meta }: WrittenStage): StageNote | undefined {
  const read = noteSchema.safeParse(meta);
  return read.success ? read.data.mldata : undefined;
}

/** Whether the stage builds that dataset: mldata noted so, or its command says so and nothing else is noted. */
export function isStageOf(stage: WrittenStage, dataset: string): boolean {
  const note = noteOf(stage);
  return note === undefined ? commandsOf(stage).some((cmd) => builds(cmd, dataset)) : note.dataset === dataset;
}

export function commandsOf({ cmd }: WrittenStage): readonly string[] {
  return cmd === undefined ? [] : typeof cmd === 'string' ? [cmd] : cmd;
}

/** Whether a command line is `mldata build` of that dataset. */
export function builds(cmd: string, dataset: string): boolean {
  const [program, command, ...args] = cmd.trim().split(/\s+/);
  return program === 'mldata' && command === 'build' && args.includes(dataset);
}

/** The path of an entry of `deps`, `outs`, `metrics` or `plots`, as it is written. */
export function pathOf(entry: string | Readonly<Record<string, unknown>>): string {
  return typeof entry === 'string' ? entry : (Object.keys(entry)[0] ?? '');
}

function broken(path: string, why: string, at?: { readonly line: number; readonly column: number }): MldataError {
  const where = at ? ` (line ${at.line}, column ${at.column})` : '';
  const finding: Finding = {
    code: 'dvc-yaml-broken',
    severity: 'error',
    message: `${path} is not a dvc.yaml that DVC can read${where}: ${why}.`,
    locations: [{ file: path, ...at }],
    suggestion: 'Mend it, or restore it with `git checkout`; until then every `dvc` command in this repository fails.',
  };
  return new MldataError('config', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}
