/** The one way a command is registered: it is logged and timed, and its errors reach the user. */
import { commands, Disposable, l10n, window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { MldataError } from '../../protocol';
import { ENGINE_STOPPED } from '../engineClient';
import { CommandId } from '../commandIds';

/** Arguments come from whoever calls: menus, tree items, links, other extensions. */
export type CommandHandler = (...args: readonly unknown[]) => Promise<unknown> | undefined;

/** Registers a handler for every command; forgetting one does not compile. */
export function registerCommands(handlers: Readonly<Record<CommandId, CommandHandler>>, log: LogOutputChannel) {
  return Disposable.from(
    ...Object.values(CommandId).map((id) =>
      commands.registerCommand(id, (...args: readonly unknown[]) => run(id, () => handlers[id](...args), log)),
    ),
  );
}

async function run(
  id: CommandId,
  handler: () => Promise<unknown> | undefined,
  log: LogOutputChannel,
): Promise<unknown> {
  const start = performance.now();
  try {
    return await handler();
  } catch (error) {
    void showError(error, log);
    return undefined;
  } finally {
    log.debug(`${id} took ${Math.round(performance.now() - start)} ms`);
  }
}

async function showError(error: unknown, log: LogOutputChannel): Promise<void> {
  if (error instanceof MldataError) {
    log.error(`${error.code}: ${error.message}`);
    // Stopping is what the user asked for; a stopped engine has been told already.
    if (error.kind === 'cancelled' || error.code === ENGINE_STOPPED) return;
  } else {
    log.error(error instanceof Error ? error : String(error));
  }
  const showOutput = l10n.t('Show Output');
  const message = error instanceof Error ? error.message : String(error);
  if ((await window.showErrorMessage(message, showOutput)) === showOutput) log.show();
}
