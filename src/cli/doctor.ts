/** `mldata doctor` */
import { Command } from 'commander';
import { ExitCode, type Doctor, type DoctorState } from '../protocol';
import { withPlaceOptions, type CommandContext } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { configIfAny } from './findConfig';

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly allowOutsidePaths?: boolean;
  readonly allowPrivateAddresses?: boolean;
}

export function doctorCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  return withPlaceOptions(new Command('doctor'))
    .description('check every source, tool and host that mldata works with, within five seconds')
    .option('--allow-outside-paths', 'let paths of the config leave the git root')
    .option('--allow-private-addresses', 'also ask addresses of this machine and its network')
    .action(async ({ config, json, allowOutsidePaths, allowPrivateAddresses }: DoctorOptions) => {
      const configPath = await configIfAny(config);
      const report = await engine.doctor(
        {
          ...(configPath !== undefined && { configPath }),
          ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
          ...(allowPrivateAddresses !== undefined && { allowPrivateAddresses }),
        },
        signal,
      );
      if (json) printDocument(report);
      else render(report, output);
      if (!report.healthy) exit(ExitCode.checkFailed);
    });
}

const words: Readonly<Record<DoctorState, string>> = { ok: 'ok', notConfigured: 'not configured', failed: 'failed' };

/** `--quiet` leaves what failed. */
function render({ checks, healthy }: Doctor, output: Console): void {
  const wide = Math.max(...checks.map(({ name }) => name.length));
  for (const { group, name, state, message, suggestion } of checks) {
    const say = (text: string): void => {
      if (state === 'failed') output.line(text);
      else output.note(text);
    };
    say(`${group.padEnd(7)} ${name.padEnd(wide)}  ${words[state].padEnd(14)}  ${message}`);
    if (suggestion !== undefined && state !== 'ok') say(`${' '.repeat(wide + 26)}${suggestion}`);
  }
  output.note(healthy ? 'Nothing failed.' : 'Something failed; see above.');
}
