/** Fetching without building: the sources of datasets, and addresses that are named themselves. */
import { dirname } from 'node:path';
import { faultOfAddress, isAddress, kindOfAddress, shownAddress, type UserConfig } from '../config';
import { redact, type Credentials } from './credentials';
import { pullOne, pullSources, type Pulled } from './pull';
import type { PullContext } from './pullContext';
import { readConfig } from './readConfig';
import { rootOf, type Run } from './run';
import { withoutFiles, type RemoteSpec } from './sources';
import { allowsInner } from './userLayer';
import { documentHead } from './version';
import { openWorkspace } from './workspace';
import { MldataError, type DatasetSpec, type Pull, type PullProgress, type PullRequest } from '../protocol';

/** Throws as `Engine.pull` says. */
export async function pullAll(
  {
    jobEntry,
    limits,
    signal,
    credentials,
  }: Pick<Run, 'jobEntry' | 'limits' | 'signal'> & { readonly credentials: Credentials },
  request: PullRequest,
  user: UserConfig | undefined,
  onProgress: (progress: PullProgress) => void,
): Promise<Pull> {
  const { configPath, targets, update = false } = request;
  if (request.trusted !== true) throw untrusted();
  const files = (targets ?? []).filter(isAddress).map((address) => ({ address, file: fileAt(address) }));
  const names = targets?.filter((target) => !isAddress(target));
  const specs = names?.length === 0 ? [] : await specsOf(configPath, names, user);
  const context: PullContext = {
    ...(await openWorkspace(configPath)),
    ...{
      folder: dirname(configPath),
      root: rootOf(request),
      jobEntry,
      limits,
      update,
      credentials,
      onProgress,
      signal,
    },
    allowInner: allowsInner(request, user),
    log: (line) => {
      onProgress({ said: redact(line) });
    },
  };
  const sources: Pull['sources'] = (await pullSources(specs, context)).map(({ dataset, ...pulled }) => ({
    dataset,
    ...told(pulled),
  }));
  for (const { address, file } of files) sources.push(told(await pullOne(file, shownAddress(address), context)));
  return { ...documentHead('mldata/pull'), sources };
}

async function specsOf(
  configPath: string,
  names: readonly string[] | undefined,
  user: UserConfig | undefined,
): Promise<DatasetSpec[]> {
  const { datasets } = await readConfig({ configPath, ...(names && { names }) }, user, ' Nothing was fetched.');
  return datasets.filter(({ name }) => names?.includes(name) ?? true);
}

/**
 * Throws `address-invalid`, and `address-unclear` for one of a database: which of its rows are meant, only a config says.
 */
function fileAt(address: string): RemoteSpec {
  const fault = faultOfAddress(address);
  if (fault) throw new MldataError('usage', 'address-invalid', `${shownAddress(address)}: ${fault}`);
  const of = kindOfAddress(address);
  if (of === 'file' || of === 'store') return { path: address, options: {}, fetch: { of } };
  throw new MldataError(
    'usage',
    'address-unclear',
    `Which rows of ${shownAddress(address)} are meant is not said. Write it in the config with a \`table\` or a \`query\`, and pull the dataset.`,
  );
}

function told({ record, outcome }: Pulled): Pull['sources'][number] {
  return { ...withoutFiles(record), outcome };
}

function untrusted(): MldataError {
  return new MldataError(
    'usage',
    'untrusted-workspace',
    'This workspace is in Restricted Mode, so nothing is fetched. Trust the workspace first.',
  );
}
