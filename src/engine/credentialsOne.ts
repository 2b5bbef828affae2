/** The secrets that a config names: whether they are there and are taken, and keeping them in the keyring. */
import { dirname } from 'node:path';
import {
  faultOfSource,
  isCredentialName,
  parseConfig,
  referencesIn,
  writtenAddresses,
  writtenReference,
  type ParsedConfig,
  type Reference,
} from '../config';
import {
  cancelled,
  MldataError,
  type CredentialsReport,
  type CredentialsRequest,
  type CredentialStatus,
} from '../protocol';
import {
  awsSettings,
  expiryOf,
  HUGGING_FACE,
  huggingFaceToken,
  osKeyring,
  redact,
  type Credentials,
} from './credentials';
import { checkSource, whoAmIUrl, type SourceAddress, type SourcePlace } from './doctor';
import { Downloader } from './fetch';
import { rootOf } from './run';
import { allowsInner, readUserConfig, textOf } from './userLayer';
import { documentHead } from './version';

const AWS = 'aws';
const LIMIT_MS = 10_000;

/** A secret that a config uses, and where. */
interface Use {
  /** As it is shown. */
  readonly name: string;
  /** Undefined: a tool keeps it. */
  readonly reference?: Reference;
  readonly datasets: readonly string[];
  /** Sources that cannot be read without it, and that the config does not refuse. */
  readonly addresses: readonly SourceAddress[];
  /** A dataset whose alerts are posted to it. */
  readonly alerts?: string;
}

type State = Pick<CredentialStatus, 'state' | 'message' | 'from'>;

/** Asks the servers whether they take the secrets. Throws `credential-unknown`, what is wrong with the config, and when cancelled. */
export async function credentialStatus(
  request: CredentialsRequest,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<CredentialsReport> {
  const { configPath } = request;
  const allowInner = allowsInner(request, await readUserConfig());
  const folder = configPath === undefined ? process.cwd() : dirname(configPath);
  const root = configPath === undefined ? undefined : rootOf({ configPath });
  const place: SourcePlace = {
    ...{ folder, root, credentials, allowInner },
    downloader: new Downloader({ allowInner }),
  };
  const uses = await usesOf(request);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const found = await Promise.all(uses.map(async (use) => ({ use, ...(await stateOf(use, place, limited)) })));
  if (signal.aborted) throw cancelled();
  return {
    ...documentHead('mldata/credentials'),
    credentials: found.map(({ use: { name, datasets }, message, ...state }) => ({
      ...{ name, ...state, message: redact(message), usedBy: [...datasets] },
    })),
  };
}

/**
 * The credentials that logging in to a source sets, by their names. Throws `credential-unknown`, and what is wrong with
 * the config.
 */
export async function credentialNames(request: CredentialsRequest): Promise<string[]> {
  const names = (await usesOf(request)).flatMap(({ name, reference }) =>
    name === HUGGING_FACE ? [HUGGING_FACE] : reference?.kind === 'credential' ? [reference.name] : [],
  );
  if (names.length > 0) return names;
  throw new MldataError(
    'usage',
    'credential-unknown',
    `${request.source ?? 'The config'} names no credential that can be kept here. Write \`\${credential:NAME}\` in the address of a source; ` +
      'for S3 use `aws configure`, and set environment variables in your shell.',
  );
}

/** Keeps a secret in the keyring of this machine. Throws `keyring-unavailable`, and `credential-empty`. */
export async function keepCredential(name: string, value: string): Promise<void> {
  if (value === '')
    throw new MldataError('usage', 'credential-empty', `Nothing was given for ${name}. Nothing was kept.`);
  await osKeyring.write(name, value);
}

/** Whether there was one. Throws `keyring-unavailable`. */
export function forgetCredential(name: string): Promise<boolean> {
  return osKeyring.remove(name);
}

/** Those that are meant: of a dataset, of one name, or all of the config. */
async function usesOf({ configPath, source }: CredentialsRequest): Promise<Use[]> {
  const text = configPath === undefined ? undefined : await textOf(configPath);
  const parsed = parseConfig(text ?? '', configPath ?? '');
  const all = usesIn(parsed);
  if (source === undefined) return all;
  if (parsed.datasetNames.includes(source)) return all.filter(({ datasets }) => datasets.includes(source));
  const named = all.filter(({ name, reference }) => [name, reference?.name].includes(source));
  if (named.length > 0) return named;
  if (source === HUGGING_FACE || source === AWS) return [{ name: source, datasets: [], addresses: [] }];
  if (!isCredentialName(source)) {
    throw new MldataError(
      'usage',
      'credential-unknown',
      `${source} is no dataset and cannot be the name of a credential: those have letters, digits, \`_\`, \`-\` and dots.`,
    );
  }
  const reference: Reference = { kind: 'credential', name: source };
  return [{ name: writtenReference(reference), reference, datasets: [], addresses: [] }];
}

/** Wherever a config has a text; in the order of the config. */
function usesIn({ document: { data }, findings }: ParsedConfig): Use[] {
  const uses = new Map<string, Use>();
  const add = (use: Use): void => {
    const known = uses.get(use.name);
    uses.set(use.name, {
      ...use,
      datasets: [...new Set([...(known?.datasets ?? []), ...use.datasets])],
      addresses: [...(known?.addresses ?? []), ...use.addresses],
      ...((known?.alerts ?? use.alerts) !== undefined && { alerts: known?.alerts ?? use.alerts }),
    });
  };
  for (const address of writtenAddresses(data)) {
    const { dataset, text, headers = {} } = address;
    const datasets = dataset === undefined ? [] : [dataset];
    // What the config refuses may have been written to have a secret sent somewhere: nobody is asked about it.
    const addresses = faultOfSource(address, findings) === undefined ? [address] : [];
    const tool = /^(hf|s3):\/\//i.exec(text)?.[1]?.toLowerCase();
    if (tool !== undefined) add({ name: tool === 'hf' ? HUGGING_FACE : AWS, datasets, addresses });
    for (const reference of [text, ...Object.values(headers)].flatMap(referencesIn)) {
      add({ name: writtenReference(reference), reference, datasets, addresses });
    }
  }
  for (const { dataset, text, ofAlerts } of textsIn(data)) {
    for (const reference of referencesIn(text)) {
      add({
        name: writtenReference(reference),
        reference,
        datasets: dataset === undefined ? [] : [dataset],
        addresses: [],
        ...(ofAlerts && { alerts: dataset ?? '' }),
      });
    }
  }
  return [...uses.values()];
}

interface WrittenText {
  readonly dataset?: string;
  readonly text: string;
  /** Whether alerts are posted there. */
  readonly ofAlerts: boolean;
}

function textsIn(data: unknown, path: readonly string[] = []): WrittenText[] {
  if (typeof data === 'string') {
    const [root, dataset] = path;
    return [
      {
        text: data,
        ofAlerts: path.includes('webhooks'),
        ...(root === 'datasets' && dataset !== undefined && { dataset }),
      },
    ];
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => textsIn(value, [...path, key]));
}

async function stateOf(use: Use, place: SourcePlace, signal: AbortSignal): Promise<State> {
  if (use.name === AWS) return awsState(use, place, signal);
  const { credentials } = place;
  if (use.reference === undefined) {
    const token = await huggingFaceToken(credentials, undefined, signal);
    if (!token)
      return { state: 'missing', message: 'No token was found. Run `mldata auth login huggingface`, or set HF_TOKEN.' };
    return expired(token.value, token.from) ?? { ...(await tokenState(place, token.value, signal)), from: token.from };
  }
  try {
    const found = await credentials.find(use.reference, signal);
    if (!found) {
      const { kind, name } = use.reference;
      const how = kind === 'env' ? `Set the variable ${name}.` : `Run \`mldata auth login ${name}\`.`;
      return { state: 'missing', message: `It is not set. ${how}` };
    }
    return expired(found.value, found.from) ?? { ...(await askSource(use, place, signal)), from: found.from };
  } catch (error) {
    if (signal.aborted) return { state: 'unchecked', message: 'The keyring did not answer in time.' };
    return { state: 'missing', message: error instanceof Error ? error.message : String(error) };
  }
}

function expired(value: string, from: string): State | undefined {
  const expiry = expiryOf(value);
  if (expiry === undefined || expiry > new Date()) return undefined;
  return { state: 'expired', from, message: `It expired at ${expiry.toISOString()}. Set a new one.` };
}

/** The worst that a source that needs it says: one that refuses it, and one that takes it before one that cannot be asked. */
async function askSource({ addresses, alerts }: Use, place: SourcePlace, signal: AbortSignal): Promise<State> {
  if (addresses.length === 0) {
    const message =
      alerts === undefined
        ? 'It is set; no source uses it.'
        : `It is set; \`mldata alerts test${alerts === '' ? '' : ` ${alerts}`}\` tries it.`;
    return { state: 'unchecked', message };
  }
  const states = await Promise.all(addresses.map((address) => asState(() => checkSource(address, '', place, signal))));
  const [first] = (['invalid', 'valid', 'unchecked'] as const).flatMap((is) =>
    states.filter(({ state }) => state === is),
  );
  return first ?? { state: 'unchecked', message: 'Nobody could be asked.' };
}

async function tokenState(
  { credentials, downloader }: SourcePlace,
  token: string,
  signal: AbortSignal,
): Promise<State> {
  return asState(async () => {
    const url = whoAmIUrl(credentials.environment);
    const status = await downloader.probe(url, { authorization: `Bearer ${token}` }, signal);
    if (status < 400) return `${url.host} knows it.`;
    throw new MldataError(
      status === 401 || status === 403 ? 'authentication' : 'network',
      'access-refused',
      `${url.host} answers ${status}.`,
    );
  });
}

async function awsState(use: Use, place: SourcePlace, signal: AbortSignal): Promise<State> {
  try {
    const signed = use.addresses.filter(({ s3 }) => !s3?.anonymous);
    // Sources may be of several profiles.
    const profiles = new Set(signed.length === 0 ? [undefined] : signed.map(({ s3 }) => s3?.profile));
    const found: string[] = [];
    for (const profile of profiles) {
      const { credentials } = await awsSettings(place.credentials.environment, profile);
      if (credentials === undefined) {
        const whose = profile === undefined ? '' : ` of the profile ${profile}`;
        return {
          state: 'missing',
          message: `No credentials${whose} were found; what is public can be read without. Run \`aws configure\`.`,
        };
      }
      const { expiresAt, from } = credentials;
      if (expiresAt && expiresAt <= new Date()) {
        return { state: 'expired', from, message: `They expired at ${expiresAt.toISOString()}. Fetch new ones.` };
      }
      found.push(from);
    }
    const asked = await askSource(use, place, signal);
    // Whether a signature is taken shows when something is fetched.
    return { ...asked, state: asked.state === 'valid' ? 'unchecked' : asked.state, from: found.join(', ') };
  } catch (error) {
    return { state: 'missing', message: error instanceof Error ? error.message : String(error) };
  }
}

async function asState(ask: () => Promise<string>): Promise<State> {
  try {
    return { state: 'valid', message: await ask() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isRefused =
      error instanceof MldataError && error.kind === 'authentication' && error.code !== 'secret-missing';
    return { state: isRefused ? 'invalid' : 'unchecked', message };
  }
}
