/** What a build would do, in words: for `--dry-run`. Only names and sizes of files are looked at. */
import { dirname } from 'node:path';
import { cancelled, DRIFT_FILE, MANIFEST_FILE, QUALITY_FILE, type BuildPlan, type DatasetSpec } from '../../protocol';
import {
  dependenciesOf,
  formatOfName,
  inBuildOrder,
  isChecked,
  isOfFiles,
  plannedChecks,
  shownAddress,
} from '../../config';
import { previousBuild } from '../manifest';
import { confinedPath, isRemote, listFiles } from '../sources';
import { refuseOwnIndices, refuseOwnOutput } from './ownOutput';
import { activeSplits, dataFiles, REPORT_FILES } from './outputs';
import { stepsAroundSplit, type PlacedStep } from './steps';

type DatasetPlan = BuildPlan['datasets'][number];

/** Throws what a build would find out before it reads, and the cancelled error. */
export async function describePlan(
  specs: readonly DatasetSpec[],
  configPath: string,
  root: string | undefined,
  signal: AbortSignal,
): Promise<BuildPlan> {
  const folder = dirname(configPath);
  const datasets: DatasetPlan[] = [];
  for (const spec of inBuildOrder(specs)) {
    const output = await confinedPath(folder, spec.output.path, root, ['datasets', spec.name, 'output', 'path']);
    if (signal.aborted) throw cancelled();
    const own = spec.source.filter(isOfFiles);
    const files = await listFiles(own, { folder, root, signal }, spec.name);
    const before = await previousBuild(output);
    await refuseOwnOutput(files, spec, output, before);
    await refuseOwnIndices(spec, folder, output, before);
    datasets.push({
      dataset: spec.name,
      inputs: [
        ...files.map(({ name, bytes, format }) => ({
          path: name,
          bytes,
          format: format ?? formatOfName(name) ?? 'by content',
        })),
        ...spec.source
          .filter(isRemote)
          .map((entry) => ({ path: shownAddress(entry.path), format: entry.format ?? 'as fetched' })),
        ...dependenciesOf(spec).map((path) => ({ path: `dataset://${path}`, format: 'as built' })),
      ],
      steps: stepsOf(spec),
      outputs: outputsOf(spec),
    });
  }
  return { kind: 'mldata/plan', version: 1, config: configPath, datasets };
}

function stepsOf(spec: DatasetSpec): DatasetPlan['steps'] {
  const { schema, split, output, tracking, drift } = spec;
  const { beforeSplit, afterSplit } = stepsAroundSplit(spec);
  const constrained = Object.values(schema.columns).length;
  const named = plannedChecks(spec.checks, 'named').map(({ name }) => name);
  const formats = output.formats.map(
    ({ format, compression }) =>
      `${format} (${compression.codec}${compression.level === undefined ? '' : `:${compression.level}`})`,
  );
  return [
    ...spec.source.filter(isRemote).map(({ path }) => ({
      step: 'fetch' as const,
      description: `fetch ${shownAddress(path)}, unless it was`,
    })),
    { step: 'read', description: 'read every source file once and cast the declared columns' },
    {
      step: 'enforce',
      description: `enforce the schema of ${constrained} declared columns; rows that do not fit: ${schema.onError}`,
    },
    ...stepTexts(beforeSplit, 'transform'),
    ...(split ? [{ step: 'split' as const, description: describeSplit(spec) }] : []),
    ...(isChecked(spec) ? [{ step: 'check' as const, description: `check ${named.join(', ') || 'the gates'}` }] : []),
    ...stepTexts(afterSplit, 'fit'),
    { step: 'write', description: `write ${formats.join(', ')}` },
    { step: 'hash', description: 'hash the artifacts (sha256, md5)' },
    { step: 'publish', description: `replace ${output.path} in one step` },
    ...(tracking ? [{ step: 'track' as const, description: `track with ${tracking.dvc ? 'DVC' : 'Git LFS'}` }] : []),
    ...(drift?.baseline === undefined
      ? []
      : [{ step: 'compare' as const, description: `compare with ${drift.baseline}, once it stands` }]),
  ];
}

function stepTexts(steps: readonly PlacedStep[], at: 'transform' | 'fit'): DatasetPlan['steps'] {
  return steps.map(({ step: { transform, parameters }, index }) => ({
    step: at,
    description: `step ${index + 1}, ${transform}: ${JSON.stringify(parameters)}`,
  }));
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

function outputsOf(spec: DatasetSpec): string[] {
  const quality = isChecked(spec) ? [QUALITY_FILE] : [];
  const drift = spec.drift?.baseline === undefined ? [] : [DRIFT_FILE];
  return [...dataFiles(spec), MANIFEST_FILE, REPORT_FILES[0], ...quality, ...drift].map(
    (path) => `${spec.output.path}/${path}`,
  );
}
