/** One preview of one dataset: in a job process, and nothing of it remains. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Order } from './buildOne';
import { makeFolder } from './folders';
import { runPreview } from './jobMessages';
import { runJob } from './jobProcess';
import { rootOf, type Run } from './run';
import { endRun, runId } from './runs';
import { openWorkspace } from './workspace';
import type { Preview, PreviewRequest } from '../protocol';

export async function previewOne(
  { jobEntry, limits, onProgress, signal }: Run,
  { spec, datasets }: Pick<Order, 'spec' | 'datasets'>,
  request: PreviewRequest,
): Promise<Preview> {
  const { folder, state } = await openWorkspace(request.configPath);
  const { step } = request;
  const root = rootOf(request);
  const id = runId();
  const scratch = join(state, 'tmp', id);
  try {
    await makeFolder(scratch);
    const place = { spec, folder, ...(root !== undefined && { root }), ...limits, scratch };
    const job = { ...place, ...(step !== undefined && { step }), ...(datasets && { datasets }) };
    return await runJob(jobEntry, runPreview, job, onProgress, signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    endRun(id);
  }
}
