/** Watches files by patterns that change with the configs. */
import { workspace } from 'vscode';
import type { FileSystemWatcher, RelativePattern } from 'vscode';
import { Disposable } from '../disposable';

export class FileWatchers extends Disposable {
  private readonly watchers = new Map<string, FileSystemWatcher>();

  constructor(private readonly onChange: () => void) {
    super();
    this._register({ dispose: () => this.watch([]) });
  }

  /** Watches exactly these patterns from now on; after disposal none. */
  watch(patterns: readonly RelativePattern[]): void {
    const all = this.isDisposed ? [] : patterns;
    const wanted = new Map(all.map((each) => [`${each.baseUri.toString()} ${each.pattern}`, each]));
    for (const [key, watcher] of this.watchers) {
      if (wanted.has(key)) continue;
      watcher.dispose();
      this.watchers.delete(key);
    }
    for (const [key, pattern] of wanted) {
      if (this.watchers.has(key)) continue;
      const watcher = workspace.createFileSystemWatcher(pattern);
      watcher.onDidCreate(this.onChange);
      watcher.onDidChange(this.onChange);
      watcher.onDidDelete(this.onChange);
      this.watchers.set(key, watcher);
    }
  }
}
