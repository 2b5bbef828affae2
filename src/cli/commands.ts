/** The commands by name, in the order in which the help lists them. Each is loaded when it is asked for. */
import type { Command } from 'commander';
import type { CommandContext } from './command';

/** @param exit hears the exit code where it is not 0 */
type MakeCommand = (context: CommandContext, exit: (code: number) => void) => Command;

const commands: ReadonlyMap<string, () => Promise<MakeCommand>> = new Map<string, () => Promise<MakeCommand>>([
  ['init', async () => (await import('./init')).initCommand],
  ['add', async () => (await import('./add')).addCommand],
  ['build', async () => (await import('./build')).buildCommand],
  ['pull', async () => (await import('./pull')).pullCommand],
  ['cache', async () => (await import('./cache')).cacheCommand],
  ['config', async () => (await import('./config')).configCommand],
  ['lineage', async () => (await import('./lineage')).lineageCommand],
  ['rebuild', async () => (await import('./rebuild')).rebuildCommand],
  ['versions', async () => (await import('./versions')).versionsCommand],
  ['apply', async () => (await import('./apply')).applyCommand],
  ['preview', async () => (await import('./preview')).previewCommand],
  ['profile', async () => (await import('./profile')).profileCommand],
  ['validate', async () => (await import('./validate')).validateCommand],
  ['put-back', async () => (await import('./putBack')).putBackCommand],
  ['diff', async () => (await import('./diff')).diffCommand],
  ['schema', async () => (await import('./schema')).schemaCommand],
  ['drift', async () => (await import('./drift')).driftCommand],
  ['alerts', async () => (await import('./alerts')).alertsCommand],
  ['track', async () => (await import('./track')).trackCommand],
  ['export', async () => (await import('./export')).exportCommand],
  ['auth', async () => (await import('./auth')).authCommand],
  ['doctor', async () => (await import('./doctor')).doctorCommand],
]);

/** The command of this name; all of them where there is none, as for the help and for what to say of a wrong name. */
export function commandsFor(name = ''): Promise<MakeCommand[]> {
  const named = commands.get(name);
  return Promise.all((named ? [named] : [...commands.values()]).map((load) => load()));
}
