/** The guard against steps that take away more rows than anybody meant to. */
import { transformOf } from '../../config';
import type { Finding, TransformSpec } from '../../protocol';

/** Shares of the rows. */
const WARN_ABOVE = 0.25;
const STOP_ABOVE = 0.5;

export interface StepRows {
  readonly step: TransformSpec;
  /** Of the step in the list, from 0. */
  readonly index: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly dataset: string;
}

/** An error stops the build: too many rows are gone, or all. Undefined when all is well. */
export function lossFinding({ step, index, rowsIn, rowsOut, dataset }: StepRows): Finding | undefined {
  const lost = rowsIn - rowsOut;
  if (lost === 0) return undefined;
  const { transform, parameters } = step;
  const deliberate = transformOf(transform)?.chooses === true;
  const stops = parameters['allowLoss'] !== true && !deliberate && lost > STOP_ABOVE * rowsIn;
  if (rowsOut > 0 && !stops && (deliberate || lost <= WARN_ABOVE * rowsIn)) return undefined;
  const fatal = rowsOut === 0 || stops;
  return {
    code: 'rows-lost',
    severity: fatal ? 'error' : 'warning',
    message:
      rowsOut === 0
        ? `Step ${index + 1}, ${transform}, leaves no rows.`
        : `Step ${index + 1}, ${transform}, takes away ${lost} of ${rowsIn} rows.`,
    dataset,
    count: lost,
    suggestion:
      rowsOut === 0 || !fatal
        ? 'Check the parameters of the step against the data.'
        : 'If that is meant, add `allowLoss: true` to the step; else check its parameters against the data.',
    configPath: ['datasets', dataset, 'transforms', index, transform],
  };
}
