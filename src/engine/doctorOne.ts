/** The doctor: every source of a config, every tool and every host, asked at once. */
import { basename, dirname } from 'node:path';
import { parseConfig, writtenAddresses, type WrittenAddress } from '../config';
import { hasErrors, type Doctor, type DoctorRequest } from '../protocol';
import type { Credentials } from './credentials';
import { checkSource, hostChecks, runChecks, type Check, type SourcePlace } from './doctor';
import { toolChecks } from './doctorTools';
import { Downloader } from './fetch';
import { rootOf } from './run';
import { allowsInner, readUserConfig, textOf } from './userLayer';
import { documentHead } from './version';

/** All of it is over in five seconds; the rest is for starting and telling. */
const LIMIT_MS = 4500;

/** What fails is told, not thrown. Throws where the config cannot be read as a file, and when cancelled. */
export async function doctorOne(
  request: DoctorRequest,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Doctor> {
  const start = performance.now();
  const { configPath, folder = configPath === undefined ? process.cwd() : dirname(configPath), python } = request;
  const allowInner = allowsInner(request, await readUserConfig());
  const downloader = new Downloader({ allowInner });
  const sources =
    configPath === undefined
      ? noConfig
      : await configChecks(configPath, request, { credentials, allowInner, downloader });
  const tools = toolChecks({ folder, needsLfs: sources.needsLfs, ...(python && { python }) });
  const done = await runChecks([...sources.checks, ...tools], LIMIT_MS, signal);
  const checks = [...done, ...hostChecks(downloader.hostStates)];
  return {
    ...documentHead('mldata/doctor'),
    ...(configPath !== undefined && { config: configPath }),
    healthy: checks.every(({ state }) => state !== 'failed'),
    durationMs: Math.round(performance.now() - start),
    checks,
  };
}

interface OfConfig {
  readonly checks: readonly Check[];
  readonly needsLfs: boolean;
}

const noConfig: OfConfig = {
  checks: [
    {
      group: 'source',
      name: '.mldata.yaml',
      run: () =>
        Promise.resolve({
          state: 'notConfigured',
          message: 'There is no config in this folder or above it.',
          suggestion: 'Create one with `mldata init FILE`.',
        }),
    },
  ],
  needsLfs: false,
};

async function configChecks(
  configPath: string,
  request: DoctorRequest,
  access: Pick<SourcePlace, 'credentials' | 'allowInner' | 'downloader'>,
): Promise<OfConfig> {
  const place: SourcePlace = {
    folder: dirname(configPath),
    root: rootOf({
      configPath,
      ...(request.allowOutsidePaths !== undefined && { allowOutsidePaths: request.allowOutsidePaths }),
    }),
    ...access,
  };
  const { findings, document, datasetNames, drafts } = parseConfig(
    (await textOf(configPath)) ?? '',
    configPath,
    await readUserConfig(),
  );
  const broken: Check = {
    group: 'source',
    name: basename(configPath),
    run: () =>
      Promise.resolve({
        state: 'failed',
        message: `The config has errors: ${findings.find(({ severity }) => severity === 'error')?.message ?? ''}`,
        suggestion: 'Run `mldata validate` to see them all.',
      }),
  };
  const addresses = writtenAddresses(document.data);
  return {
    checks: [
      ...(hasErrors(findings) ? [broken] : []),
      ...datasetNames.flatMap((name) =>
        addressesOf(name, addresses).map((address) => sourceCheck(name, address, place)),
      ),
    ],
    needsLfs: drafts.some(({ tracking }) => tracking?.gitLfs !== undefined),
  };
}

/** What a dataset does not say itself `defaults` says for it. */
function addressesOf(name: string, addresses: readonly WrittenAddress[]): readonly WrittenAddress[] {
  const own = addresses.filter(({ dataset }) => dataset === name);
  return own.length > 0 ? own : addresses.filter(({ dataset }) => dataset === undefined);
}

function sourceCheck(name: string, { text }: WrittenAddress, place: SourcePlace): Check {
  return {
    group: 'source',
    name,
    run: async (signal) => ({ state: 'ok', message: await checkSource(text, name, place, signal) }),
  };
}
