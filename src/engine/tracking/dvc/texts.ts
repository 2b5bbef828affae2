/** The text files that a run changes: some are changed twice, and all are written once everything else is done. */
import { relative, sep } from 'node:path';
import type { TrackedChange } from '../../../protocol';
import { changeOf, replaceText, textOf } from '../change';
import { changed } from './reading';

interface Text {
  readonly before: string | undefined;
  after: string;
}

export class Texts {
  private readonly texts = new Map<string, Text>();

  /** The text as it is to be; empty where there is no file. Throws what `textOf` throws. */
  async read(file: string): Promise<string> {
    const known = this.texts.get(file);
    if (known !== undefined) return known.after;
    const before = await textOf(file);
    const text = { before, after: before ?? '' };
    this.texts.set(file, text);
    return text.after;
  }

  /** @param after of a file that was read */
  set(file: string, after: string): void {
    const text = this.texts.get(file);
    if (text === undefined) throw new Error(`${file} was not read`);
    text.after = after;
  }

  /**
   * Writes what changed, `.dvc` files last: what they name is ignored by git then. Throws `dvc-changed` where somebody
   * else wrote into one of them since it was read, and `tracking-unwritable`.
   * @param root changes are named relative to it
   */
  async write(root: string, dryRun: boolean): Promise<TrackedChange[]> {
    const changes: TrackedChange[] = [];
    const edited = [...this.texts].filter(([, { before, after }]) => (before ?? '') !== after);
    // Filling the cache may have taken an hour, and they are files that people edit.
    for (const [file, { before }] of edited) if ((await textOf(file)) !== before) throw changed(file);
    const last = edited.toSorted(([a], [b]) => Number(a.endsWith('.dvc')) - Number(b.endsWith('.dvc')));
    for (const [file, { before, after }] of last) {
      if (!dryRun) await replaceText(file, after);
      changes.push(changeOf(relative(root, file).split(sep).join('/'), before, after, dryRun));
    }
    return changes;
  }
}
