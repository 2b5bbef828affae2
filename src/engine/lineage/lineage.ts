/** The lineage of a build, read off its manifest. */
import { posix } from 'node:path';
import { versionId } from '../manifest';
import { mainSteps } from './mainSteps';
import type { DatasetLineage, Manifest } from '../../protocol';

export function lineageOf(manifest: Manifest): DatasetLineage {
  const { dataset, createdAt, parent, inputs, references = [], artifacts, datasets = {} } = manifest;
  return {
    dataset,
    builtAt: createdAt,
    version: versionId(manifest),
    ...(parent !== undefined && { parent }),
    inputs: inputs.map(({ path, bytes, sha256, rows, rejected }) => ({
      path,
      bytes,
      sha256,
      rows: rows + rejected,
      ...datasetOf(path, datasets),
    })),
    ...(references.length > 0 && {
      references: references.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256, ...datasetOf(path, datasets) })),
    }),
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

function datasetOf(path: string, datasets: NonNullable<Manifest['datasets']>): { dataset?: string } {
  const found = Object.entries(datasets).find(([, folder]) => path.startsWith(`${posix.normalize(folder)}/`));
  return found ? { dataset: found[0] } : {};
}
