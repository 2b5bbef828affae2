/** What a build would do, in words: for `--dry-run`. Only names and sizes of files are looked at. */
import { activeSplits, outputFiles } from './outputs';
import { listFiles } from '../sources';
import { detectFormat } from '../text';
import { dirname } from 'node:path';
import type { BuildPlan, DatasetSpec } from '../../protocol';

type DatasetPlan = BuildPlan['datasets'][number];

export async function describePlan(
  specs: readonly DatasetSpec[],
  configPath: string,
  root: string | undefined,
): Promise<BuildPlan> {
  const datasets: DatasetPlan[] = [];
  for (const spec of specs) {
    const files = await listFiles(spec.source, { folder: dirname(configPath), root }, spec.name);
    datasets.push({
      dataset: spec.name,
      inputs: files.map(({ name, bytes, format }) => ({
        path: name,
        bytes,
        format: format ?? formatByName(name) ?? 'by content',
      })),
      steps: stepsOf(spec),
      outputs: outputsOf(spec),
    });
  }
  return { kind: 'mldata/plan', version: 1, config: configPath, datasets };
}

function formatByName(name: string): string | undefined {
  return detectFormat(name, Buffer.alloc(0)).format;
}

function stepsOf(spec: DatasetSpec): DatasetPlan['steps'] {
  const { schema, split, output } = spec;
  const constrained = Object.values(schema.columns).length;
  const formats = output.formats.map(
    ({ format, compression }) =>
      `${format} (${compression.codec}${compression.level === undefined ? '' : `:${compression.level}`})`,
  );
  return [
    { step: 'read', description: 'read every source file once and cast the declared columns' },
    {
      step: 'enforce',
      description: `enforce the schema of ${constrained} declared columns; rows that do not fit: ${schema.onError}`,
    },
    ...(split ? [{ step: 'split' as const, description: describeSplit(spec) }] : []),
    { step: 'write', description: `write ${formats.join(', ')}` },
    { step: 'hash', description: 'hash the artifacts (sha256, md5)' },
    { step: 'publish', description: `replace ${output.path} in one step` },
  ];
}

function describeSplit({ split }: DatasetSpec): string {
  if (!split) return '';
  if (split.indices !== undefined) return `split by the rows that ${split.indices} names`;
  const shares = activeSplits(split).map((name) => `${name} ${Number((split.ratios[name] * 100).toPrecision(6))} %`);
  const how = [
    split.time !== undefined && `in the order of ${split.time}`,
    split.stratify !== undefined && `stratified by ${split.stratify}`,
    split.group !== undefined && `groups of ${split.group} kept whole`,
    split.time === undefined && `seed ${split.seed}${split.seedFrom === 'name' ? ' (from the name)' : ''}`,
  ].filter(Boolean);
  return `split into ${shares.join(', ')}; ${how.join('; ')}`;
}

function outputsOf({ split, output }: DatasetSpec): string[] {
  const parts = split ? activeSplits(split).map((name) => ({ name })) : [{ name: 'data' }];
  return [...outputFiles(output, parts), 'manifest.yaml', 'reports/build.json'].map((path) => `${output.path}/${path}`);
}
