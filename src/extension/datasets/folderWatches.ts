/**
 * Watches folders by themselves. On Linux VS Code, which watches the whole workspace, may miss a folder that is made right
 * after the one it lies in, and with it all that happens there. Elsewhere systems watch whole trees.
 */
import { watch, type FSWatcher } from 'node:fs';
import { Disposable } from '../disposable';

export class FolderWatches extends Disposable {
  private watchers: readonly FSWatcher[] = [];

  constructor(private readonly onChange: () => void) {
    super();
    this._register({ dispose: () => this.watch([]) });
  }

  /** Watches exactly these from now on, those that are there; what took the place of another is watched anew. */
  watch(folders: readonly string[]): void {
    for (const watcher of this.watchers) watcher.close();
    const wanted = this.isDisposed || process.platform !== 'linux' ? [] : folders;
    this.watchers = [...new Set(wanted)].flatMap((folder) => {
      try {
        return [watch(folder, { persistent: false }, this.onChange).on('error', this.onChange)];
      } catch {
        return []; // it is not there, or the system watches as much as it can
      }
    });
  }
}
