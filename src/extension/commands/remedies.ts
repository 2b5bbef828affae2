/** What one can do at once about what went wrong. */
import { commands, l10n } from 'vscode';
import type { MldataErrorData } from '../../protocol';
import { CommandId } from '../commandIds';

export interface Remedy {
  readonly label: string;
  readonly take: () => Thenable<unknown>;
}

/**
 * Undefined where nothing is known to help.
 * @param dataset as commands take it, where it is known which one failed
 */
export function remedyOf(
  { kind, code }: Pick<MldataErrorData, 'code'> & { readonly kind: string },
  dataset?: object,
): Remedy | undefined {
  if (kind === 'authentication') {
    return {
      label: l10n.t('Set Credential…'),
      take: () => commands.executeCommand(CommandId.setCredential, dataset),
    };
  }
  if (code === 'address-not-allowed') {
    return {
      label: l10n.t('Open Settings'),
      take: () => commands.executeCommand('workbench.action.openSettings', '@id:mldata.allowPrivateAddresses'),
    };
  }
  if (code !== 'not-fetched') return undefined;
  return { label: l10n.t('Fetch Sources'), take: () => commands.executeCommand(CommandId.fetch, dataset) };
}
