/** `mldata lineage [TARGETS…]` */
import { Command, Option } from 'commander';
import { mermaid } from '../engine';
import type { DatasetLineage } from '../protocol';
import { withPlaceOptions, type CommandContext } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { count, fileText } from './numbers';
import { targetsRequest } from './targets';

interface LineageOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
}

export function lineageCommand({ engine, output }: CommandContext): Command {
  return withPlaceOptions(new Command('lineage'))
    .description('show from which inputs, by which steps, a build came')
    .argument('[targets...]', 'datasets of the config, build folders or manifests; every dataset when none is named')
    .addOption(new Option('--mermaid', 'print a Mermaid flowchart on standard output').conflicts('json'))
    .action(async (targets: string[], options: LineageOptions) => {
      const lineage = await engine.lineage(await targetsRequest(targets, options));
      if (options.json) printDocument(lineage);
      else if (options.mermaid) process.stdout.write(mermaid(lineage.datasets));
      else for (const dataset of lineage.datasets) render(dataset, output);
    });
}

function render({ dataset, builtAt, version, parent, inputs, steps, outputs }: DatasetLineage, output: Console): void {
  output.line(`${dataset}@${version}, built ${new Date(builtAt).toLocaleString()}`);
  if (parent !== undefined) output.line(`  after   ${dataset}@${parent}`);
  for (const { dataset: from, ...file } of inputs)
    output.line(`  from    ${from === undefined ? '' : `dataset ${from}: `}${fileText(file)}`);
  for (const { step, parameters, rowsIn, rowsOut } of steps) {
    const rows = rowsIn === rowsOut ? count(rowsOut, 'row') : `${rowsIn.toLocaleString()} → ${count(rowsOut, 'row')}`;
    output.line(`  ${step}  ${rows}${parameters ? `  ${JSON.stringify(parameters)}` : ''}`);
  }
  for (const file of outputs) output.line(`  to      ${fileText(file)}`);
}
