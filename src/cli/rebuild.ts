/** `mldata rebuild [TARGETS…]` */
import { Command } from 'commander';
import { ExitCode, type DatasetRebuild, type Difference } from '../protocol';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { progressReporter } from './progress';
import { targetsRequest } from './targets';

interface RebuildOptions extends SharedOptions {
  readonly verify?: boolean;
}

export function rebuildCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('rebuild')
    .description('build again what manifests describe, and compare')
    .argument('[targets...]', 'datasets of the config, build folders or manifests; every dataset when none is named')
    .option('--verify', 'build aside and only compare: what stands there stays');
  return withSharedOptions(command).action(async (targets: string[], options: RebuildOptions) => {
    try {
      const report = await engine.rebuild(
        { ...(await targetsRequest(targets, options)), ...runOptions(options), verify: options.verify ?? false },
        progressReporter(output),
        signal,
      );
      if (options.json) printDocument(report);
      else for (const dataset of report.datasets) render(dataset, output);
      exit(exitCodeOf(report.datasets));
    } finally {
      output.clear();
    }
  });
}

function exitCodeOf(datasets: readonly DatasetRebuild[]): number {
  const failed = datasets.find(({ status }) => status === 'failed')?.error?.kind;
  if (failed !== undefined)
    return failed in ExitCode ? ExitCode[failed as keyof typeof ExitCode] : ExitCode.buildFailed;
  return datasets.every(({ status }) => status === 'same') ? ExitCode.ok : ExitCode.checkFailed;
}

const verdicts: Readonly<Record<DatasetRebuild['status'], string>> = {
  same: 'every artifact came out as the manifest says',
  differs: 'it came out differently',
  inputsDiffer: 'not built again: what it was made from is no longer the same',
  failed: 'it could not be built again',
};

function render({ dataset, status, differences, error }: DatasetRebuild, output: Console): void {
  const say = (text: string) => {
    if (status === 'same') output.note(text);
    else output.line(text);
  };
  say(`${dataset}: ${verdicts[status]}${error ? `: ${error.message}` : ''}`);
  for (const difference of differences) say(`  ${worded(difference)}`);
}

function worded({ of, how, name, expected, found }: Difference): string {
  const versions = of === 'tool' ? `: ${expected ?? 'none'} then, ${found ?? 'none'} now` : '';
  const hashes =
    of !== 'tool' && how === 'changed'
      ? `: sha256 ${(expected ?? '').slice(0, 12)} → ${(found ?? '').slice(0, 12)}`
      : '';
  return `${of} ${name} ${how === 'changed' ? 'is another' : `is ${how}`}${versions}${hashes}`;
}
