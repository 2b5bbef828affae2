/** `mldata lineage [TARGETS…]` */
import { Command, Option } from 'commander';
import { mermaid } from '../engine';
import type { DatasetLineage } from '../protocol';
import type { CommandContext } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { bytes, count } from './numbers';
import { targetsRequest } from './targets';

interface LineageOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly mermaid?: boolean;
}

export function lineageCommand({ engine, output }: CommandContext): Command {
  return new Command('lineage')
    .description('show from which inputs, by which steps, a build came')
    .argument('[targets...]', 'datasets of the config, build folders or manifests; every dataset when none is named')
    .option('--config <file>', 'the config file; default: .mldata.yaml of this folder or one above it')
    .option('--json', 'print exactly one JSON document on standard output')
    .addOption(new Option('--mermaid', 'print a Mermaid flowchart on standard output').conflicts('json'))
    .option('--quiet', 'print errors only')
    .option('--verbose', 'print more')
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
  for (const { path, rows, bytes: size, sha256, dataset: from } of inputs)
    output.line(
      `  from    ${from === undefined ? '' : `dataset ${from}: `}${path}  ${count(rows, 'row')}, ${bytes(size)}, sha256 ${sha256.slice(0, 12)}`,
    );
  for (const { step, parameters, rowsIn, rowsOut } of steps) {
    const rows = rowsIn === rowsOut ? count(rowsOut, 'row') : `${rowsIn.toLocaleString()} → ${count(rowsOut, 'row')}`;
    output.line(`  ${step}  ${rows}${parameters ? `  ${JSON.stringify(parameters)}` : ''}`);
  }
  for (const { path, rows, bytes: size, sha256 } of outputs)
    output.line(`  to      ${path}  ${count(rows, 'row')}, ${bytes(size)}, sha256 ${sha256.slice(0, 12)}`);
}
