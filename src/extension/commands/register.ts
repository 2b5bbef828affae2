/** The one way a command is registered: it is logged and timed, and its errors reach the user. */
import * as path from 'node:path';
import { commands, Disposable, l10n, Uri, window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { MldataError, worstFirst } from '../../protocol';
import type { Finding, Location } from '../../protocol';
import { CommandId } from '../commandIds';
import { ENGINE_STOPPED } from '../engineClient';
import { rangeOf } from '../language/findingDiagnostics';
import { alarm } from '../notifications';
import { remedyOf } from './remedies';

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
    for (const finding of error.findings) log.error(`${placeOf(finding)}${finding.code}: ${finding.message}`);
    // Stopping is what the user asked for; a stopped engine has been told already.
    if (error.kind === 'cancelled' || error.code === ENGINE_STOPPED) return;
  } else {
    log.error(error instanceof Error ? error : String(error));
  }
  const place = error instanceof MldataError ? firstPlace(error.findings) : undefined;
  const open = l10n.t('Open Configuration');
  const showOutput = l10n.t('Show Output');
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof MldataError ? remedyOf(error) : undefined;
  const items = [...(remedy === undefined ? [] : [remedy.label]), ...(place === undefined ? [] : [open]), showOutput];
  const choice = await alarm(message, ...items);
  if (choice === showOutput) log.show();
  if (choice === remedy?.label) await remedy?.take();
  if (choice === open && place !== undefined) {
    await window.showTextDocument(Uri.file(place.file), { selection: rangeOf(place) });
  }
}

/** Where the first error stands, if that is a file one can go to: what the engine says of a config names it in full. */
function firstPlace(findings: readonly Finding[]): Location | undefined {
  return worstFirst(findings)
    .flatMap(({ locations = [] }) => locations)
    .find(({ file }) => path.isAbsolute(file));
}

function placeOf({ locations }: Finding): string {
  const [first] = locations ?? [];
  return first === undefined ? '' : `${first.file}:${first.line ?? 1}:${first.column ?? 1}: `;
}
