/** A comparison in this process, which spares the start of one for each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driftSettings } from '../../src/config';
import { driftRows } from '../../src/engine/driftRows';
import { driftSides } from '../../src/engine/driftSides';
import { driftSchema, type Drift, type DriftProgress, type DriftRequest } from '../../src/protocol';
import type { Workspace } from './support';

export async function driftHere(
  space: Workspace,
  baseline: string,
  current: string,
  more: Partial<DriftRequest> = {},
  onProgress: (progress: DriftProgress) => void = () => undefined,
): Promise<Drift> {
  const sides = await driftSides({ ...{ baseline, current, folder: space.folder, metrics: 'deciding' }, ...more });
  const scratch = await mkdtemp(join(tmpdir(), 'mldata-drift-'));
  try {
    const job = {
      ...{ spec: { name: current }, baseline: sides.baseline, current: sides.current, scratch },
      ...{ settings: driftSettings({ ...sides.spec?.drift, ...more.settings }), metrics: more.metrics ?? 'deciding' },
      ...{ threads: 2, memoryLimit: '500MB' },
    };
    return driftSchema.parse(await driftRows(job, onProgress, new AbortController().signal));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
