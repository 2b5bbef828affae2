/** What stops a step once its data is known. Those that throw it know the parameter; where the step stands, who runs it. */
import { MldataError, type Finding, type TransformSpec } from '../../protocol';

/** What is wrong, but for where the step stands. */
export type StepProblem = Pick<Finding, 'code' | 'message' | 'suggestion' | 'column' | 'count' | 'samples'> & {
  /** The parameter. */
  readonly at: readonly (string | number)[];
};

export class StepError extends Error {
  constructor(private readonly problem: StepProblem) {
    super(problem.message);
  }

  /** As the end of a build. */
  located(step: TransformSpec, index: number, dataset: string): MldataError {
    const finding = locatedProblem(this.problem, 'error', step, index, dataset);
    const kind = finding.code === 'transform-step' ? 'config' : 'buildFailed';
    return new MldataError(kind, finding.code, finding.message, [finding]);
  }
}

export function locatedProblem(
  { at, ...found }: StepProblem,
  severity: Finding['severity'],
  { transform }: TransformSpec,
  index: number,
  dataset: string,
): Finding {
  return {
    ...found,
    severity,
    message: `Step ${index + 1}, ${transform}: ${found.message}`,
    dataset,
    configPath: ['datasets', dataset, 'transforms', index, transform, ...at],
  };
}
