import { open } from 'node:fs/promises';
import { formOf, readMessages } from './reader';
import type { ArrowSchema } from './schema';
import { Malformed, worded } from './unreadable';

/** The columns of an Arrow file or stream; its rows are not read. Throws `arrow-unreadable`, and errors of the file system. */
export async function readArrowSchema(path: string): Promise<ArrowSchema> {
  const file = await open(path, 'r');
  try {
    const form = await formOf(file);
    if (form !== 'file' && form !== 'stream') throw new Malformed('this is not an Arrow file or stream.');
    for await (const { message } of readMessages(file, form)) if (message.kind === 'schema') return message.schema;
    throw new Malformed('it holds no schema.');
  } catch (error) {
    throw worded(path, error);
  } finally {
    await file.close();
  }
}
