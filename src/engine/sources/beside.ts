/** Files that steps take in beside the rows. */
import { besideOf } from '../../config';
import {
  MldataError,
  type ConfigPath,
  type DatasetSpec,
  type Finding,
  type SourceSpec,
  type TransformSpec,
} from '../../protocol';
import { listFiles, type SourceContext, type SourceFile } from './local';

/** A step, and where it stands. */
interface PlacedStep {
  readonly step: TransformSpec;
  readonly index: number;
}

/** What the steps of a dataset take in, as a source would name it. */
export function besideEntries({ transforms = [] }: DatasetSpec): SourceSpec[] {
  return transforms.flatMap((step) => (besideOf(step)?.entries ?? []).map(({ path }) => ({ path, options: {} })));
}

/** The files that a step takes in, in an order that depends on their names only. Throws as {@link listFiles}. */
export async function listBeside(
  { step, index }: PlacedStep,
  context: SourceContext,
  dataset: string,
): Promise<SourceFile[]> {
  const entries = besideOf(step)?.entries ?? [];
  const source = entries.map(({ path }): SourceSpec => ({ path, options: {} }));
  return listFiles(source, context, dataset).catch((error: unknown) => {
    throw inStep(error, { step, index }, dataset, entries.length === 1 ? entries[0]?.at : []);
  });
}

/** What is wrong with files, as something that is wrong with a step. */
export function inStep(error: unknown, placed: PlacedStep, dataset: string, at: Readonly<ConfigPath> = []): unknown {
  if (!(error instanceof MldataError) || error.kind === 'cancelled') return error;
  const findings = error.findings.map((finding) => findingInStep(finding, placed, dataset, at));
  return new MldataError(error.kind, error.code, `${placeOf(placed)} ${error.message}`, findings, { cause: error });
}

export function findingInStep(
  finding: Finding,
  placed: PlacedStep,
  dataset: string,
  at: Readonly<ConfigPath> = [],
): Finding {
  const { step, index } = placed;
  return {
    ...finding,
    ...(finding.code === 'cast-failed' && {
      suggestion: 'Correct the cells, or give the column here another type with a step `cast` before this one.',
    }),
    message: `${placeOf(placed)} ${finding.message}`,
    configPath: ['datasets', dataset, 'transforms', index, step.transform, ...at],
  };
}

function placeOf({ step, index }: PlacedStep): string {
  return `Step ${index + 1}, ${step.transform}:`;
}
