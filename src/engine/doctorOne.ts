/** The doctor: every source of a config, every tool and every host, asked at once. */
import { basename, dirname, join } from 'node:path';
import { faultOfSource, parseConfig, shownWebhook, writtenAddresses, type WrittenAddress } from '../config';
import { hasErrors, type DatasetSpec, type Doctor, type DoctorRequest, type Finding } from '../protocol';
import { webhookAddress } from './alerts';
import type { Credentials } from './credentials';
import { checkSource, hostChecks, runChecks, type Check, type Outcome, type SourcePlace } from './doctor';
import { toolChecks } from './doctorTools';
import { Downloader } from './fetch';
import { failedHosts } from './hosts';
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
  const left = configPath === undefined ? [] : await failedHosts(join(dirname(configPath), '.mldata'));
  const checks = [...done, ...hostChecks(downloader.hostStates, left)];
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
        addressesOf(name, addresses).map((address) =>
          sourceCheck(name, address, faultOfSource(address, findings), place),
        ),
      ),
      ...webhookChecks(drafts, findings, place),
    ],
    needsLfs: drafts.some(({ tracking }) => tracking?.gitLfs !== undefined),
  };
}

/** What a dataset does not say itself `defaults` says for it. */
function addressesOf(name: string, addresses: readonly WrittenAddress[]): readonly WrittenAddress[] {
  const own = addresses.filter(({ dataset }) => dataset === name);
  return own.length > 0 ? own : addresses.filter(({ dataset }) => dataset === undefined);
}

/** Nobody is asked about a source that the config refuses: it may have been written to have a secret sent somewhere. */
function sourceCheck(name: string, address: WrittenAddress, fault: Finding | undefined, place: SourcePlace): Check {
  return {
    group: 'source',
    name,
    run: async (signal) => {
      if (fault === undefined) return { state: 'ok', message: await checkSource(address, name, place, signal) };
      const { message, code, suggestion } = fault;
      return { state: 'failed', message, code, ...(suggestion && { suggestion }) };
    },
  };
}

/** Each once. Their hosts are asked, and told nothing: whether a message would arrive only one that is sent can tell. */
function webhookChecks(
  drafts: readonly DatasetSpec[],
  findings: readonly Finding[],
  { credentials, downloader }: SourcePlace,
): Check[] {
  const faulty = findings.some(
    ({ severity, configPath = [] }) => severity === 'error' && configPath.join('.').includes('drift.alerts.webhooks'),
  );
  const checks = new Map<string, Check>();
  for (const { name: dataset, drift } of faulty ? [] : drafts) {
    for (const webhook of drift?.alerts?.webhooks ?? []) {
      const run = async (signal: AbortSignal): Promise<Outcome> => {
        const url = await webhookAddress(webhook, credentials, signal);
        await downloader.probe(new URL('/', url), {}, signal);
        return { state: 'ok', message: `${url.host} answers. \`mldata alerts test ${dataset}\` sends a trial.` };
      };
      if (!checks.has(webhook.url)) checks.set(webhook.url, { group: 'webhook', name: shownWebhook(webhook.url), run });
    }
  }
  return [...checks.values()];
}
