/** Staging through VS Code's own git, so that its view shows it at once. */
import { extensions, Uri } from 'vscode';

/** As far as it is used of `vscode.git`. */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}
interface GitApi {
  openRepository(root: Uri): Promise<GitRepository | null>;
}
interface GitRepository {
  add(paths: string[]): Promise<void>;
}

export type Stage = (paths: readonly string[]) => Promise<void>;

/** Undefined where VS Code has no git, or does not open this repository. */
export async function stagingIn(root: string): Promise<Stage | undefined> {
  const git = extensions.getExtension<GitExtension>('vscode.git');
  if (git === undefined) return undefined;
  const exports = await git.activate();
  if (!exports.enabled) return undefined;
  const repository = await exports.getAPI(1).openRepository(Uri.file(root));
  return repository === null ? undefined : (paths) => repository.add([...paths]);
}
