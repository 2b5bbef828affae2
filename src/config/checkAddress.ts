/** What can be wrong with the address of a source, and with what stands beside it. */
import type { ConfigPath } from '../protocol';
import { addressForms, kindOfScheme, schemeOf } from './addresses';
import type { Report } from './problem';
import { referencesIn } from './secretReferences';
import { isSecretHeader, literalSecrets } from './secrets';
import type { WrittenSource } from './written';

type SourceEntry = Exclude<WrittenSource, string>;

/** What each kind of source has beside its place. */
const keysOf = {
  path: ['format', 'options'],
  file: ['format', 'options', 'sha256', 'md5', 'members', 'headers'],
  store: ['format', 'options', 'sha256', 'md5', 'members'],
  s3: ['format', 'options', 'sha256', 'md5', 'members', 'endpoint', 'region', 'profile', 'anonymous'],
  rows: ['query', 'table', 'incremental', 'timeout'],
} as const;

const kindWords = {
  path: 'a path',
  file: 'the address of a file',
  store: 'the address of a store',
  s3: 'the address of a bucket',
  rows: 'the address of a database',
} as const;

/** Reports keys that say nothing about a source of this kind. */
export function faultsOfKeys(item: SourceEntry, kind: keyof typeof keysOf, at: ConfigPath, report: Report): void {
  const known: readonly string[] = ['path', 'uri', ...keysOf[kind]];
  for (const key of Object.keys(item)) {
    if (known.includes(key)) continue;
    report({
      code: 'invalid-value',
      severity: 'error',
      message: `\`${key}\` says nothing about ${kindWords[kind]}.`,
      suggestion: `Remove \`${key}\`. Beside ${kindWords[kind]} there are ${keysOf[kind].map((name) => `\`${name}\``).join(', ')}.`,
      path: [...at, key],
      part: 'key',
    });
  }
}

/** Messages show nothing of the address: it may hold a password. */
export function checkAddress(
  address: string,
  item: SourceEntry,
  { at, addressAt }: { readonly at: ConfigPath; readonly addressAt: ConfigPath },
  report: Report,
): void {
  const fault = (code: 'invalid-value' | 'not-supported-yet', message: string, suggestion: string) => {
    report({ code, severity: 'error', message, suggestion, path: addressAt, part: 'value' });
  };
  const scheme = schemeOf(address);
  const kind = kindOfScheme(scheme ?? '');
  if (scheme === undefined) {
    fault(
      'invalid-value',
      'Expected an address, which begins with its scheme.',
      `Write a path under \`path\`. ${known()}`,
    );
  } else if (kind === undefined) {
    fault('not-supported-yet', `Sources of \`${scheme}://\` are not supported.`, known());
  } else {
    faultsOfKeys(item, scheme === 's3' ? scheme : kind, at, report);
    checkFileAddress(address, fault);
    if (kind === 'file') checkHeaders(item, at, report);
    if (kind === 'rows') checkRows(item, at, report);
  }
}

/** Why an address is none that a person can have fetched by itself; undefined for one that is. Secrets in it are its own. */
export function faultOfAddress(address: string): string | undefined {
  const problems: string[] = [];
  checkFileAddress(address, (_, message, suggestion) => problems.push(`${message} ${suggestion}`));
  return problems[0];
}

function checkFileAddress(address: string, fault: Fault): void {
  const kind = kindOfScheme(schemeOf(address) ?? '');
  if (kind === 'file') checkFile(address, fault);
  if (kind === 'store') refuseReferences(address, fault);
}

type Fault = (code: 'invalid-value', message: string, suggestion: string) => void;

function refuseReferences(address: string, fault: Fault): void {
  if (referencesIn(address).length === 0) return;
  fault('invalid-value', 'Addresses of files hold no references yet.', 'Write the address out.');
}

function checkFile(address: string, fault: Fault): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (referencesIn(address).length > 0) {
    fault(
      'invalid-value',
      'The address of a file holds no secrets: it stands in manifests and in the logs of servers.',
      'Write it out, and send the secret in a header: `headers: { authorization: "Bearer ${credential:NAME}" }`.',
    );
  } else if (url === undefined) {
    fault(
      'invalid-value',
      'This is no address of a file.',
      'Write `https://host/path`, special characters percent-encoded.',
    );
  } else if (url.username !== '' && url.password === '') {
    fault('invalid-value', 'The address bears a name.', 'Remove it: addresses of files are asked without.');
  } else {
    refuseReferences(address, fault);
  }
}

/** What the way a file is fetched depends on. */
const OWN_HEADERS =
  /^(?:accept-encoding|connection|content-.*|expect|host|if-.*|keep-alive|proxy-.*|range|te|trailer|transfer-encoding|upgrade)$/i;

function checkHeaders({ headers = {} }: SourceEntry, at: ConfigPath, report: Report): void {
  for (const [name, value] of Object.entries(headers)) {
    const path = [...at, 'headers', name];
    if (OWN_HEADERS.test(name)) {
      const message = `\`${name}\` is set by mldata itself when it fetches.`;
      report({ code: 'invalid-value', severity: 'error', message, suggestion: 'Remove it.', path, part: 'key' });
    } else if (isSecretHeader(name) && referencesIn(value).length === 0 && literalSecrets(value).length === 0) {
      report({
        ...{ code: 'literal-secret', severity: 'error', path, part: 'value' },
        message: `The value of \`${name}\` stands in the config, for everybody to read.`,
        suggestion:
          'Write `${credential:NAME}` instead and run `mldata auth login NAME`, or `${env:NAME}`. Change the old one.',
      });
    }
  }
}

function checkRows({ query, table }: SourceEntry, at: ConfigPath, report: Report): void {
  if ((query === undefined) !== (table === undefined)) return;
  report({
    code: query === undefined ? 'missing-key' : 'invalid-value',
    severity: 'error',
    message:
      query === undefined
        ? 'Which rows of the database are meant is not said.'
        : 'Rows of a database are those of a `query` or of a `table`, not both.',
    suggestion:
      query === undefined ? 'Write `{ uri: …, table: NAME }`, or `query` with a SELECT.' : 'Remove one of them.',
    path: query === undefined ? at : [...at, 'table'],
    part: 'key',
  });
}

function known(): string {
  return `There are ${addressForms.map((form) => `\`${form}\``).join(', ')}.`;
}
