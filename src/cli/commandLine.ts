/** The command line: what is asked of it, and what it answers. */
import { Command, CommanderError } from 'commander';
import * as z from 'zod';
import { LocalEngine, TOOL } from '../engine';
import { ExitCode, MldataError } from '../protocol';
import { commandsFor } from './commands';
import { Console } from './console';
import { errorReport, printDocument } from './document';
import { renderError } from './render';

async function main(argv: readonly string[]): Promise<number> {
  // A command reads a config once: to compile a function for each schema takes longer than to go without.
  z.config({ jitless: true });
  const output = new Console({ quiet: argv.includes('--quiet'), verbose: argv.includes('--verbose') });
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(ExitCode.cancelled);
    output.line('Stopping; press Ctrl+C again to stop at once.');
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  surviveClosedPipes(output);
  const context = { engine: new LocalEngine(), output, signal: controller.signal };
  let exitCode: number = ExitCode.ok;
  const program = new Command('mldata')
    .description('Builds the datasets that .mldata.yaml declares, and says what data is like.')
    .version(TOOL.version)
    .configureOutput({
      writeErr: (text) => {
        output.line(text.trimEnd());
      },
    })
    .exitOverride()
    .showHelpAfterError('Run `mldata --help` for the commands.');
  for (const make of await commandsFor(argv[0])) {
    const command = make(context, (code) => {
      exitCode = code;
    });
    for (const one of allOf(command)) one.exitOverride().copyInheritedSettings(program);
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.ok;
    const trouble = error instanceof CommanderError ? wrongUsage(error) : error;
    // Commander has said in words what it thinks of the usage.
    if (trouble === error) renderError(error, output);
    if (argv.includes('--json')) printDocument(errorReport(trouble));
    return trouble instanceof MldataError ? trouble.exitCode : ExitCode.buildFailed;
  }
}

/** A command and those below it. */
function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}

function wrongUsage({ message }: CommanderError): MldataError {
  return new MldataError('usage', 'wrong-usage', message.replace(/^error: /, ''));
}

/** That nobody reads on, as with `| head`, is no reason to stop; a document that could not be written is. */
function surviveClosedPipes(output: Console): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    output.line(`error: Standard output cannot be written: ${error.message}`);
    process.exit(ExitCode.buildFailed);
  });
}

/** Long enough for what was written to arrive. */
const LEAVE_MS = 500;

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    // A name that is still being looked up, which nothing can stop, keeps nobody waiting.
    setTimeout(() => process.exit(), LEAVE_MS).unref();
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = ExitCode.buildFailed;
  },
);
