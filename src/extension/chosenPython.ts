/** The interpreter that somebody chose in the Python extension. */
import { extensions } from 'vscode';
import type { Uri } from 'vscode';

/** As far as it is used of `ms-python.python`. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): unknown;
    resolveEnvironment(path: unknown): Promise<{ readonly executable: { readonly uri?: Uri } } | undefined>;
  };
}

/**
 * Undefined where that extension is not there, or knows of none.
 * @param resource a file of the workspace: interpreters go by folder
 */
export async function chosenPython(resource: Uri): Promise<string | undefined> {
  const python = extensions.getExtension<PythonApi>('ms-python.python');
  if (python === undefined) return undefined;
  try {
    const { environments } = await python.activate();
    const found = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(resource));
    return found?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}
