/** What goes wrong on the way, and whether another try may help. */
import { MldataError } from '../../protocol';

/** A failure after which the same request may succeed. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly details: {
      /** Whether it tells against the host: an answer that asks for patience does not. */
      readonly ofHost: boolean;
      /** How long the server asks to wait, ms. */
      readonly afterMs?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
  }

  get ofHost(): boolean {
    return this.details.ofHost;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ETIMEDOUT: 'the host did not answer in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the host did not answer in time',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut off',
};

const CERTIFICATES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is that of another host',
};

/** Every error of a connection may pass by, except those of certificates, and those we threw ourselves. */
export function asFault(error: unknown): Error {
  if (error instanceof MldataError || error instanceof Fault) return error;
  const inner = errorsIn(error).find((each) => each instanceof MldataError);
  if (inner) return inner;
  const code = codeOf(error);
  if (code !== undefined && /^(?!ERR_SSL).*(CERT|SELF_SIGNED|UNABLE_TO_)/.test(code)) return untrusted(code, error);
  const tunnel = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(textOf(error))?.[1];
  if (tunnel !== undefined) return byProxy(Number(tunnel), error);
  return new Fault(WORDS[code ?? ''] ?? textOf(error), { ofHost: true, cause: error });
}

function untrusted(code: string, cause: unknown): MldataError {
  const says =
    CERTIFICATES[code] ??
    'is not trusted. If your network has an authority of its own, name its file in NODE_EXTRA_CA_CERTS';
  return new MldataError('network', 'certificate', `The certificate of the host ${says} (${code}).`, [], { cause });
}

/** A proxy that opens no tunnel says nothing about the host behind it. */
function byProxy(status: number, cause: unknown): Error {
  if (status !== 407) return new Fault(`the proxy answered ${status}`, { ofHost: false, cause });
  return new MldataError(
    'authentication',
    'download-refused',
    'The proxy refuses to pass anything on (407). Write the name and password that it wants into HTTP_PROXY or HTTPS_PROXY.',
    [],
    { cause },
  );
}

/** Why a request failed, without the sentence's beginning and end. */
export function reasonOf(error: unknown): string {
  return textOf(error).replace(/\.$/, '');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of what `fetch` throws, the cause is what happened; of several addresses that were tried, the first tells. */
function errorsIn(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [error, ...[error.cause, ...inner].flatMap(errorsIn)];
}

function codeOf(error: unknown): string | undefined {
  const codes = errorsIn(error).map((each) => (each as NodeJS.ErrnoException).code);
  return codes.find((code) => typeof code === 'string');
}
