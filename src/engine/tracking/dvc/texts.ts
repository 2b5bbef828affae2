/** The text files that a run changes: some are changed twice, and all are written once everything else is done. */
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { TrackedChange } from '../../../protocol';
import { changeOf, replaceText } from '../change';

interface Text {
  readonly before: Buffer | undefined;
  after: string;
}

export class Texts {
  private readonly texts = new Map<string, Text>();

  /** The text as it is to be; empty where there is no file. Throws what the disk throws. */
  async read(file: string): Promise<string> {
    const known = this.texts.get(file);
    if (known !== undefined) return known.after;
    const before = await readFile(file).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    const text = { before, after: before?.toString() ?? '' };
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
   * Writes what changed, `.dvc` files last: what they name is ignored by git then. Throws `tracking-unwritable`.
   * @param root changes are named relative to it
   */
  async write(root: string, dryRun: boolean): Promise<TrackedChange[]> {
    const changes: TrackedChange[] = [];
    const last = [...this.texts].toSorted(([a], [b]) => Number(a.endsWith('.dvc')) - Number(b.endsWith('.dvc')));
    for (const [file, { before, after }] of last) {
      if ((before?.toString() ?? '') === after) continue;
      if (!dryRun) await replaceText(file, after);
      changes.push(changeOf(relative(root, file).split(sep).join('/'), before, Buffer.from(after), dryRun));
    }
    return changes;
  }
}
