/** Ownership: who registers a disposable disposes it. */
import type { Disposable as VsDisposable } from 'vscode';

/** Base of every class that owns listeners, watchers or panels. */
export abstract class Disposable {
  private readonly owned = new Set<VsDisposable>();
  private disposed = false;

  protected get isDisposed(): boolean {
    return this.disposed;
  }

  /** Takes ownership; what is registered after disposal is disposed at once. */
  protected _register<T extends VsDisposable>(disposable: T): T {
    if (this.disposed) disposable.dispose();
    else this.owned.add(disposable);
    return disposable;
  }

  dispose(): void {
    this.disposed = true;
    for (const disposable of [...this.owned].reverse()) disposable.dispose();
    this.owned.clear();
  }
}
