/** Outputs of pipeline stages: `dvc.yaml` says which there are, `dvc.lock` what was in them when they were last made. */
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { readText } from '../../readText';
import { checkedYaml, type YamlFault } from '../dvc/checkedYaml';
import type { DvcOut } from '../dvc';

const flags = z.looseObject({
  cache: z.boolean().optional(),
  push: z.boolean().optional(),
  remote: z.string().optional(),
});
const outputs = z.array(z.union([z.string(), z.record(z.string(), flags)])).nullish();
const stage = z.looseObject({ wdir: z.string().nullish(), outs: outputs, metrics: outputs, plots: outputs });
const pipeline = z.looseObject({
  stages: z.record(z.string(), z.union([z.looseObject({ do: stage }), stage])).nullish(),
});

const made = z.looseObject({
  path: z.string(),
  hash: z.string().optional(),
  md5: z.string().optional(),
  size: z.int().optional(),
  nfiles: z.int().optional(),
  isexec: z.boolean().optional(),
});
const lock = z.looseObject({
  stages: z.record(z.string(), z.looseObject({ outs: z.array(made).nullish() })).nullish(),
});

export interface StageOut {
  /** As `dvc repro` names it. */
  readonly stage: string;
  readonly out: DvcOut;
}

export interface BrokenYaml {
  /** Absolute. */
  readonly file: string;
  readonly fault: YamlFault;
}

/** Of a `dvc.yaml`: what git keeps (`cache: false`) is left out. */
export async function stageOuts(file: string): Promise<readonly StageOut[] | BrokenYaml> {
  const written = checkedYaml(await readText(file), pipeline);
  if ('fault' in written) return { file, fault: written.fault };
  const lockFile = join(dirname(file), 'dvc.lock');
  const locked = checkedYaml(await readText(lockFile).catch(() => ''), lock);
  if ('fault' in locked) return { file: lockFile, fault: locked.fault };
  const known = Object.entries(locked.data.stages ?? {});
  return Object.entries(written.data.stages ?? {}).flatMap(([name, definition]) => {
    const { wdir, outs, metrics, plots } = 'do' in definition ? stage.parse(definition.do) : stage.parse(definition);
    if (wdir?.includes('${')) return [];
    const folder = resolve(dirname(file), wdir ?? '.');
    const declared = [outs, metrics, plots].flatMap((each) => declaredIn(each ?? []));
    // One that is made for each of several things has their names behind an `@`.
    const runs = known.filter(([run]) => run === name || run.startsWith(`${name}@`));
    const plain = declared.filter(({ path }) => !path.includes('${'));
    const neverMade = runs.length > 0 ? [] : plain.map((out) => ({ stage: name, out: outOf(out, folder) }));
    const ran = runs.flatMap(([run, { outs: entries }]) =>
      declared.flatMap((out) => {
        const matching = (entries ?? []).filter(({ path }) => mayBecome(out.path, path));
        if (matching.length === 0 && plain.includes(out)) return [{ stage: run, out: outOf(out, folder) }];
        return matching.map((entry) => ({ stage: run, out: outOf({ ...out, path: entry.path }, folder, entry) }));
      }),
    );
    return [...neverMade, ...ran].filter(({ out }) => out.cache);
  });
}

type Declared = Pick<DvcOut, 'path' | 'cache' | 'push' | 'remote'>;

function declaredIn(list: readonly (string | Readonly<Record<string, z.infer<typeof flags>>>)[]): Declared[] {
  return list.flatMap((entry) =>
    Object.entries(typeof entry === 'string' ? { [entry]: {} } : entry).map(([path, { cache, push, remote }]) => ({
      path,
      cache: cache ?? true,
      push: push ?? true,
      ...(remote !== undefined && { remote }),
    })),
  );
}

/** Whether a path with values to be filled in may have become this one. */
function mayBecome(declared: string, path: string): boolean {
  const [first = '', ...parts] = declared.split(/\$\{[^}]*\}/);
  const last = parts.pop();
  if (last === undefined) return path === declared;
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  // Each part as early as there is one: a pattern would try all places.
  let at = first.length;
  for (const part of parts) {
    const found = path.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at + last.length <= path.length;
}

function outOf(declared: Declared, folder: string, entry?: z.infer<typeof made>): DvcOut {
  return {
    ...declared,
    file: resolve(folder, declared.path),
    hash: entry !== undefined && entry.hash === undefined ? 'md5-dos2unix' : 'md5',
    isexec: entry?.isexec ?? false,
    ...(entry?.md5 !== undefined && { md5: entry.md5 }),
    ...(entry?.size !== undefined && { size: entry.size }),
    ...(entry?.nfiles !== undefined && { nfiles: entry.nfiles }),
  };
}
