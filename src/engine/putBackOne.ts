/** Puts files back that checks moved aside. */
import { resolve } from 'node:path';
import { putBack } from './checks';
import { rootOf } from './run';
import { documentHead } from './version';
import type { PutBack, PutBackRequest } from '../protocol';

export async function putBackOne(
  { quarantine, folder, files, allowOutsidePaths }: PutBackRequest,
  signal: AbortSignal,
): Promise<PutBack> {
  const configPath = resolve(folder, '.mldata.yaml');
  const root = rootOf({ configPath, ...(allowOutsidePaths && { allowOutsidePaths }) });
  return {
    ...documentHead('mldata/put-back'),
    folder: quarantine,
    ...(await putBack(quarantine, { root, files }, signal)),
  };
}
