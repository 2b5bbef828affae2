/** The report of a build, as far as its manifest tells it: how long it took is not in there. */
import { REPORT_FILES } from '../plan';
import { MANIFEST_FILE, type DatasetBuild, type Manifest } from '../../protocol';

export function reportOf({ config, rows, inputs, splits, digests, artifacts, findings }: Manifest): DatasetBuild {
  return {
    dataset: config.name,
    status: 'built',
    output: config.output.path,
    manifest: `${config.output.path}/${MANIFEST_FILE}`,
    rows,
    rejected: artifacts.find(({ path }) => path === REPORT_FILES[1])?.rows ?? 0,
    inputs,
    splits,
    ...(digests && { digests }),
    artifacts,
    findings,
    durationMs: 0,
    steps: [],
  };
}
