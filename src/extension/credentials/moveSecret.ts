/** Takes a secret out of a config: into the credentials of the workspace, with a reference in its place. */
import { l10n, Uri, workspace, WorkspaceEdit } from 'vscode';
import { differenceOf, moveSecret } from '../../config/language';
import type { ConfigPath } from '../../protocol';
import { editorRange } from '../language/configTexts';
import { inform, warn } from '../notifications';
import { requireEngineAllowed } from '../trust';
import type { CredentialStore } from './credentialStore';

/**
 * The secret itself is no argument: those are logged.
 * @param config address of the config, and the place in it, as the quick fix gives them
 */
export async function moveSecretAway(credentials: CredentialStore, config: unknown, at: unknown): Promise<void> {
  if (typeof config !== 'string' || !isPath(at)) return;
  const uri = Uri.parse(config);
  requireEngineAllowed(uri);
  const document = await workspace.openTextDocument(uri);
  const text = document.getText();
  const moved = moveSecret(text, at);
  if (moved === undefined) {
    void warn(l10n.t('The secret cannot be replaced where it stands. Write {0} there by hand.', '${credential:NAME}'));
    return;
  }
  // Only once it is kept may it leave the text.
  await credentials.set(moved.name, moved.value);
  const { range, text: inserted } = differenceOf(text, moved.text);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, editorRange(document, range), inserted);
  if (!(await workspace.applyEdit(edit))) return;
  void inform(
    l10n.t(
      'Moved to the credential {0} of this workspace. If the file was committed or shared, change the secret: others may know it.',
      moved.name,
    ),
  );
}

function isPath(value: unknown): value is ConfigPath {
  return Array.isArray(value) && value.every((step) => typeof step === 'string' || typeof step === 'number');
}
