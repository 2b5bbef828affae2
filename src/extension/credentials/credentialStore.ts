/** Secrets of this workspace: in the editor's SecretStorage, and in the memory of the engine. Nowhere else. */
import type { ExtensionContext } from 'vscode';
import { Disposable } from '../disposable';
import type { EngineClient } from '../engineClient';

/** The names are no secret, and SecretStorage does not list them. */
const NAMES = 'mldata.credentialNames';

/** Each workspace has its own: the config of one cannot name what was set for another. */
export class CredentialStore extends Disposable {
  private readonly prefix: string;

  constructor(
    private readonly context: Pick<ExtensionContext, 'secrets' | 'workspaceState' | 'storageUri'>,
    private readonly engine: Pick<EngineClient, 'handCredentials'>,
  ) {
    super();
    this.prefix = `mldata.credential ${context.storageUri?.toString() ?? 'no folder'} `;
    // Another window of this workspace may have set one.
    this._register(context.secrets.onDidChange(({ key }) => key.startsWith(this.prefix) && void this.hand()));
  }

  get names(): readonly string[] {
    return this.context.workspaceState.get<string[]>(NAMES, []);
  }

  async set(name: string, value: string): Promise<void> {
    await this.context.secrets.store(this.prefix + name, value);
    await this.context.workspaceState.update(NAMES, [...new Set([...this.names, name])].sort());
    await this.hand();
  }

  async remove(name: string): Promise<void> {
    await this.context.secrets.delete(this.prefix + name);
    await this.context.workspaceState.update(
      NAMES,
      this.names.filter((each) => each !== name),
    );
    await this.hand();
  }

  /** Gives the engine all of them. */
  async hand(): Promise<void> {
    const found = await Promise.all(
      this.names.map(async (name) => [name, await this.context.secrets.get(this.prefix + name)] as const),
    );
    this.engine.handCredentials(
      Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    );
  }
}
