/** The lineage of a build, read off its manifest. */
import { mainSteps } from './mainSteps';
import type { DatasetLineage, Manifest } from '../../protocol';

export function lineageOf(manifest: Manifest): DatasetLineage {
  const { dataset, createdAt, inputs, artifacts } = manifest;
  return {
    dataset,
    builtAt: createdAt,
    inputs: inputs.map(({ path, bytes, sha256, rows, rejected }) => ({ path, bytes, sha256, rows: rows + rejected })),
    steps: mainSteps(manifest),
    outputs: artifacts
      .filter(({ kind }) => kind === 'data')
      .map(({ path, bytes, sha256, rows, split }) => ({
        path,
        bytes,
        sha256,
        rows,
        ...(split !== undefined && { split }),
      })),
  };
}
