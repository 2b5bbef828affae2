/** Documents that were made, kept beside the workspace so that a panel comes back with what it showed. */
import { createHash } from 'node:crypto';
import { Uri, workspace } from 'vscode';
import type * as z from 'zod';
import type { DataRequest } from '../../protocol';

export class KeptDocuments<Document> {
  constructor(
    private readonly storage: Uri,
    private readonly schema: z.ZodType<Document>,
  ) {}

  /** @param key two that have the same show the same, see {@link keyOf} */
  async keep(key: string, document: Document): Promise<void> {
    await workspace.fs.createDirectory(this.storage);
    await workspace.fs.writeFile(this.fileOf(key), Buffer.from(JSON.stringify(document)));
  }

  /** Undefined where there is none that this version reads. */
  async find(key: string): Promise<Document | undefined> {
    try {
      const text = Buffer.from(await workspace.fs.readFile(this.fileOf(key))).toString('utf8');
      return this.schema.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  }

  private fileOf(key: string): Uri {
    return Uri.joinPath(this.storage, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  }
}

/** Whose rows they are: the same for every way of looking at them. */
export function keyOf({ configPath, target, folder, source, split }: DataRequest): string {
  return JSON.stringify([configPath ?? null, target, folder, source ?? false, split ?? null]);
}
