/** What may run here. Hidden commands can still be called, so the rule is checked in code as well. */
import { l10n, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { MldataError } from '../protocol';

/** Throws unless the engine may work on this resource: a trusted workspace, on a disk. */
export function requireEngineAllowed(resource: Uri): void {
  if (!workspace.isTrusted) {
    throw new MldataError(
      'usage',
      'untrusted-workspace',
      l10n.t('This workspace is in Restricted Mode, so no data is read. Trust the workspace to build datasets.'),
    );
  }
  if (resource.scheme !== 'file') {
    throw new MldataError(
      'usage',
      'virtual-workspace',
      l10n.t('Datasets are built from files on a disk. Open the folder on a disk to build them.'),
    );
  }
}
