/** What happened to the rows of a build, in the order it happened: the dataset's own steps among reading, splitting, writing. */
import { activeSplits, stepsAroundSplit } from '../plan';
import type { DatasetLineage, Manifest } from '../../protocol';

type Step = DatasetLineage['steps'][number];

export function mainSteps({ config, inputs, steps = [], rows }: Manifest): Step[] {
  const read = inputs.reduce((sum, input) => sum + input.rows + input.rejected, 0);
  const accepted = inputs.reduce((sum, input) => sum + input.rows, 0);
  const before = steps.slice(0, stepsAroundSplit(config).beforeSplit.length);
  const reached = before.at(-1)?.rowsOut ?? accepted;
  const { split } = config;
  const own = ({ transform, parameters, rowsIn, rowsOut }: (typeof steps)[number]): Step => ({
    step: transform,
    parameters,
    rowsIn,
    rowsOut,
  });
  return [
    { step: 'read', rowsIn: read, rowsOut: accepted },
    ...before.map(own),
    ...(split
      ? [
          {
            step: 'split',
            parameters: {
              ...(split.indices === undefined
                ? Object.fromEntries(activeSplits(split).map((name) => [name, split.ratios[name]]))
                : { indices: split.indices }),
              ...(split.indices === undefined && split.time === undefined && { seed: split.seed }),
              ...(split.stratify !== undefined && { stratify: split.stratify }),
              ...(split.group !== undefined && { group: split.group }),
              ...(split.time !== undefined && { time: split.time }),
            },
            rowsIn: reached,
            rowsOut: rows,
          },
        ]
      : []),
    ...steps.slice(before.length).map(own),
    { step: 'write', rowsIn: rows, rowsOut: rows },
  ];
}
