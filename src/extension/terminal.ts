/** Makes `mldata` a command in VS Code's terminal, run by the Node that VS Code itself brings. */
import * as path from 'node:path';
import { l10n } from 'vscode';
import type { ExtensionContext } from 'vscode';

export function offerCommandLine(context: ExtensionContext): void {
  const variables = context.environmentVariableCollection;
  variables.description = l10n.t('Adds the `mldata` command to the terminal');
  variables.prepend('PATH', context.asAbsolutePath('bin') + path.delimiter);
  variables.replace('MLDATA_NODE', process.execPath);
}
