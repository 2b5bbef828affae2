/** The versions of a dataset while it is built. They come second: what goes wrong with them is said, and stops no build. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stagingFolder } from './output';
import { versionId } from './manifest';
import { retentionOf } from './readConfig';
import { explain } from './trouble';
import { collect, noteVersion, someOf, storeOf, type Noted, type StandingVersion } from './versions';
import type { Workspace } from './workspace';
import { VERSIONS_FILE, type DatasetBuild, type Finding, type Manifest } from '../protocol';

/** A dataset whose lock is held. */
export interface KeepingSite {
  readonly id: string;
  readonly dataset: string;
  readonly workspace: Workspace;
  /** The folder of its build, absolute. */
  readonly output: string;
  readonly signal: AbortSignal;
  readonly manifest: Manifest;
  /** Of that build; absent: it is read where it is needed. */
  readonly report?: DatasetBuild;
}

/** Notes the build that stands there, before another takes its place. Throws the cancelled error only. */
export async function keepStanding(site: KeepingSite, files: StandingVersion['files']): Promise<Finding[]> {
  try {
    const { copied, outside } = await note(site, files);
    return [...(copied > 0 ? [copiesOf(site, copied)] : []), ...(outside.length > 0 ? [linksOf(site, outside)] : [])];
  } catch (error) {
    const { kind, code, message } = explain(error, site.dataset);
    if (kind === 'cancelled') throw error;
    return [
      {
        code: code.startsWith('versions-') ? code : 'version-not-kept',
        severity: 'warning',
        message:
          code === 'versions-not-collected'
            ? message
            : `The build is whole, but it was not noted as a version. ${message}`,
        dataset: site.dataset,
        locations: [{ file: join(site.output, VERSIONS_FILE) }],
        suggestion: 'Once that is set right, the next build or `mldata versions` command notes it.',
      },
    ];
  } finally {
    await rm(join(site.workspace.state, 'tmp', site.id), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The report of a build with what there is to say of its version. */
export async function kept(
  build: DatasetBuild,
  site: KeepingSite,
  files: StandingVersion['files'],
): Promise<DatasetBuild> {
  // It is published: nothing stops what is left to do.
  const findings = await keepStanding({ ...site, signal: new AbortController().signal }, files);
  return findings.length > 0 ? { ...build, findings: [...build.findings, ...findings] } : build;
}

type Left = Pick<Noted, 'copied' | 'outside'>;
const nothing: Left = { copied: 0, outside: [] };

async function note(
  { id, dataset, workspace, output, manifest, report, signal }: KeepingSite,
  files: StandingVersion['files'],
): Promise<Left> {
  const { state, folder, retention = retentionOf({}) } = workspace;
  if (manifest.appliedFrom) return nothing;
  const store = storeOf(state, dataset);
  const version = versionId(manifest);
  if (files !== 'new' && (await store.isNoted(version, join(output, VERSIONS_FILE)))) {
    // What is kept already is not looked at again; see `noteVersion`.
    if (files === 'whole' || (await store.isWhole(version, manifest.artifacts))) return nothing;
  }
  const scratch = join(state, 'tmp', id);
  const noted = await noteVersion({
    manifest,
    output,
    folder,
    store,
    scratch,
    staging: stagingFolder(output, id),
    files,
    ...(report && { report }),
    signal,
  });
  // What killed builds left may wait until something is to be removed.
  const { keep, maxBytes } = retention;
  if (files === 'new' && (maxBytes !== undefined || (await store.ids()).length > keep)) {
    const place = { dataset, output, folder, store };
    await collect({ place, file: noted.file, standing: { id: version, manifest } }, retention);
  }
  return noted;
}

function linksOf({ dataset, output }: KeepingSite, paths: readonly string[]): Finding {
  return {
    code: 'version-not-kept',
    severity: 'warning',
    message: `The version is known, but not all of its bytes are kept: ${someOf(paths)} lead outside the git root.`,
    dataset,
    locations: [{ file: output }],
    suggestion: 'Put the files themselves in place of the links, such as with `dvc unprotect`.',
  };
}

function copiesOf({ dataset }: KeepingSite, files: number): Finding {
  return {
    code: 'version-copied',
    severity: 'info',
    message: `The version took twice its space: ${files === 1 ? 'a file was' : `${files} files were`} copied, because the disk cannot share them.`,
    dataset,
    suggestion: 'Keep the output folder on the same disk as `.mldata`, or keep fewer versions.',
  };
}
