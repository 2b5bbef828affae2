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

const SAME_ROWS = 'every split came out with the rows that the manifest says';

function render({ dataset, status, comparedBy, differences, error }: DatasetRebuild, output: Console): void {
  const say = (text: string) => {
    if (status === 'same') output.note(text);
    else output.line(text);
  };
  const verdict = status === 'same' && comparedBy === 'content' ? SAME_ROWS : verdicts[status];
  say(`${dataset}: ${verdict}${error ? `: ${error.message}` : ''}`);
  const tools = differences.filter(({ of }) => of === 'tool');
  if (tools.length > 0) say(`  ${versions(tools, comparedBy === 'content')}`);
  for (const difference of differences) if (difference.of !== 'tool') say(`  ${worded(difference)}`);
}

/** With which versions it was built and rebuilt, and what that means for the comparison. */
function versions(tools: readonly Difference[], byContent: boolean): string {
  const list = (version: (tool: Difference) => string | undefined) =>
    tools.map((tool) => `${tool.name} ${version(tool) ?? 'unknown'}`).join(' and ');
  const how = byContent
    ? 'compared by content: files may differ in bytes'
    : 'the manifest has no digests of its rows that this version of mldata can compare, so that only bytes could be compared, and the versions may be why they differ';
  return `built with ${list(({ expected }) => expected)}, rebuilt with ${list(({ found }) => found)}: ${how}`;
}

function worded({ of, how, name, expected = '', found = '' }: Difference): string {
  if (of === 'rows') return how === 'changed' ? `the rows of ${name} are others` : `the rows of ${name} are ${how}`;
  const hashes = how === 'changed' ? `: sha256 ${expected.slice(0, 12)} → ${found.slice(0, 12)}` : '';
  return `${of} ${name} ${how === 'changed' ? 'is another' : `is ${how}`}${hashes}`;
}
