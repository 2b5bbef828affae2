/** `mldata track [TARGETS…]` */
import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { faultOfPattern, memoryBytes, memorySize } from '../config';
import { diffText, findGit } from '../engine';
import {
  dvcModes,
  ExitCode,
  MldataError,
  type DvcMode,
  type LfsSpec,
  type Track,
  type TrackingTool,
  type TrackRequest,
  type TrackStep,
} from '../protocol';
import { agrees, canAsk } from './ask';
import { withPlaceOptions, type CommandContext } from './command';
import { printDocument } from './document';
import { renderTrack } from './renderTrack';
import { renderTrackStatus } from './renderTrackStatus';
import { stepProgress } from './stepProgress';
import { targetsRequest } from './targets';
import { trackRemoteCommand } from './trackRemote';

interface TrackOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly dvc?: boolean;
  readonly dvcPipeline?: boolean;
  readonly gitLfs?: boolean;
  readonly status?: boolean;
  readonly remote?: boolean;
  readonly threshold?: number;
  readonly pattern: readonly string[];
  readonly attributes?: string;
  readonly dryRun?: boolean;
  readonly init?: boolean;
  readonly dvcMode: DvcMode;
}

const steps: Readonly<Record<TrackStep, string>> = {
  look: 'looking at files',
  hash: 'hashing',
  cache: 'filling the cache',
  write: 'writing',
};

export function trackCommand(context: CommandContext, exit: (code: number) => void): Command {
  const { output } = context;
  const command = new Command('track')
    .description('have DVC or Git LFS keep the bytes of datasets, files and folders')
    .argument('[targets...]', 'datasets of the config, build folders, files or folders; default: every dataset')
    .addOption(new Option('--dvc', 'with DVC: a .dvc file beside the data').conflicts(['dvcPipeline', 'gitLfs']))
    .addOption(new Option('--dvc-pipeline', 'with DVC: a stage of dvc.yaml for each dataset').conflicts('gitLfs'))
    .option('--git-lfs', 'with Git LFS: lines of .gitattributes for large files')
    .addOption(new Option('--threshold <size>', 'Git LFS: files of this size and more; default: 10MB').argParser(size))
    .addOption(
      new Option('--pattern <glob>', 'Git LFS: files that match, whatever their size; may be given several times')
        .argParser(pattern)
        .default([], 'none'),
    )
    .option('--attributes <folder>', 'Git LFS: the folder whose .gitattributes says so; default: the git root')
    .addOption(
      new Option('--status', 'only say how what is tracked stands').conflicts(['dvc', 'dvcPipeline', 'gitLfs', 'init']),
    )
    .option('--remote', 'with --status: ask the remote too')
    .option('--dry-run', 'only show what would be written')
    .option('--init', 'make a git or DVC repository where there is none')
    .addOption(
      new Option('--dvc-mode <mode>', 'who writes: the installed DVC, or mldata; auto: DVC where it is installed')
        .choices(dvcModes)
        .default('auto'),
    )
    .addCommand(trackRemoteCommand(context))
    .addHelpText(
      'after',
      '\nWithout --dvc, --dvc-pipeline or --git-lfs each dataset is tracked as `tracking:` of its config says.\n',
    );
  return withPlaceOptions(command).action(async (targets: string[], options: TrackOptions) => {
    checkTogether(options);
    try {
      if (options.status) await status(context, targets, options);
      else await track(context, targets, options, exit);
    } finally {
      output.clear();
    }
  });
}

async function status({ engine, output, signal }: CommandContext, targets: readonly string[], options: TrackOptions) {
  const { remote, json, dvcMode } = options;
  const request = { ...(await targetsRequest(targets, options)), dvc: { mode: dvcMode }, ...(remote && { remote }) };
  const found = await engine.trackingStatus(request, signal);
  if (json) printDocument(found);
  else renderTrackStatus(found, output);
}

async function track(
  { engine, output, signal }: CommandContext,
  targets: readonly string[],
  options: TrackOptions,
  exit: (code: number) => void,
): Promise<void> {
  const tool = toolOf(options);
  const lfs = lfsOf(options);
  const request: TrackRequest = {
    ...(await targetsRequest(targets, options)),
    ...(tool && { tool }),
    ...(lfs && { lfs }),
    dvc: { mode: options.dvcMode },
    ...(options.dryRun && { dryRun: true }),
    ...(options.init && { init: true }),
  };
  const run = (asked: TrackRequest): Promise<Track> => {
    const reporters = new Map<string, ReturnType<typeof stepProgress<TrackStep>>>();
    return engine.track(
      asked,
      ({ target, ...progress }) => {
        const report = reporters.get(target) ?? stepProgress(output, target, (step: TrackStep) => steps[step]);
        reporters.set(target, report);
        report(progress);
      },
      signal,
    );
  };
  let done = await run(request);
  output.clear();
  const missing = missingRepository(done);
  if (missing !== undefined && !options.json && !options.dryRun && canAsk()) {
    const [what, make] = missing === 'git' ? ['git', 'one, and one of DVC where it is needed'] : ['DVC', 'one'];
    if (await agrees(`There is no ${what} repository here. Make ${make}?`, signal))
      done = await run({ ...request, init: true });
  }
  output.clear();
  if (options.json) printDocument(done);
  else {
    await renderTrack(done, commandPaths, output);
    if (done.dryRun) process.stdout.write(await diffText(done.targets.flatMap(({ files }) => files)));
  }
  exit(exitCodeOf(done));
}

/** Paths of a document are relative to the git root, and those of a command to where somebody is. */
async function commandPaths(): Promise<(path: string) => string> {
  const here = await realpath(process.cwd());
  const git = await findGit(here).catch(() => undefined);
  return (path) => {
    const way = git ? relative(here, join(git.root, path)).split(sep).join('/') : path;
    return way.startsWith('-') ? `./${way}` : way;
  };
}

function missingRepository({ targets }: Track): 'git' | 'dvc' | undefined {
  const codes = targets.map(({ error }) => error?.code);
  if (codes.includes('git-repository-missing')) return 'git';
  return codes.includes('dvc-repository-missing') ? 'dvc' : undefined;
}

/** The exit code of the first target that failed. */
function exitCodeOf({ targets }: Track): number {
  const failed = targets.find(({ status: outcome }) => outcome === 'failed');
  if (!failed) return ExitCode.ok;
  const kind = failed.error?.kind;
  return kind !== undefined && kind in ExitCode ? ExitCode[kind as keyof typeof ExitCode] : ExitCode.buildFailed;
}

function toolOf({ dvc, dvcPipeline, gitLfs }: TrackOptions): TrackingTool | undefined {
  if (dvc) return 'dvc';
  if (dvcPipeline) return 'dvc-pipeline';
  return gitLfs ? 'git-lfs' : undefined;
}

function lfsOf({ threshold, pattern: patterns, attributes }: TrackOptions): Partial<LfsSpec> | undefined {
  const lfs = {
    ...(threshold !== undefined && { threshold }),
    ...(patterns.length > 0 && { patterns: [...patterns] }),
    ...(attributes !== undefined && { attributes }),
  };
  return Object.keys(lfs).length > 0 ? lfs : undefined;
}

function checkTogether(options: TrackOptions): void {
  const { status: isStatus, remote, dvc, dvcPipeline } = options;
  if (remote && !isStatus) throw wrong('--remote goes with --status.');
  if (lfsOf(options) && (isStatus || dvc || dvcPipeline)) {
    throw wrong('--threshold, --pattern and --attributes are about Git LFS. Leave them out, or add --git-lfs.');
  }
}

function wrong(message: string): MldataError {
  return new MldataError('usage', 'wrong-usage', message);
}

function size(value: string): number {
  if (memorySize.test(value)) return Math.round(memoryBytes(value));
  throw new InvalidArgumentError(`${value} is no size. Give a number with its unit, such as 500KB or 10MB.`);
}

function pattern(value: string, before: readonly string[]): readonly string[] {
  const fault = faultOfPattern(value);
  if (fault !== undefined) throw new InvalidArgumentError(fault);
  return [...before, value];
}
