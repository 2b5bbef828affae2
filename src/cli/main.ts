/** The command line: `mldata`. */
import { Command, CommanderError } from 'commander';
import { LocalEngine, TOOL } from '../engine';
import { ExitCode, MldataError } from '../protocol';
import { buildCommand } from './build';
import { initCommand } from './init';
import { Console } from './console';
import { renderError } from './render';

async function main(argv: readonly string[]): Promise<number> {
  const output = new Console({ quiet: argv.includes('--quiet'), verbose: argv.includes('--verbose') });
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.cancelled);
    output.line('Stopping; press Ctrl+C again to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const context = { engine: new LocalEngine(), output, signal: controller.signal };
  let exitCode: number = ExitCode.ok;
  const program = new Command('mldata')
    .description('Builds the datasets that .mldata.yaml declares.')
    .version(TOOL.version)
    .configureOutput({
      writeErr: (text) => {
        output.line(text.trimEnd());
      },
    })
    .exitOverride()
    .showHelpAfterError('Run `mldata --help` for the commands.');
  for (const make of [initCommand, buildCommand]) {
    program.addCommand(
      make(context, (code) => {
        exitCode = code;
      })
        .exitOverride()
        .copyInheritedSettings(program),
    );
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    renderError(error, output);
    return error instanceof MldataError ? error.exitCode : ExitCode.buildFailed;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = ExitCode.buildFailed;
  },
);
