/** What goes wrong between a database and us, in words that give no secret away. */
import { cancelled, MldataError, type ErrorKind } from '../../protocol';
import { shownAddress } from '../../config';
import { redact } from '../credentials';

/** That a connection broke off, where its client says it in words of its own. */
export class Lost extends Error {}

export type Trouble = 'unreachable' | 'refused' | 'lost' | 'timeout' | 'busy' | 'unreadable' | 'query';

const words: Record<Trouble, { kind: ErrorKind; code: string; what: string; advice: string }> = {
  unreachable: {
    kind: 'network',
    code: 'database-unreachable',
    what: 'cannot be reached',
    advice: 'Check the host and the port, and that the server is running.',
  },
  refused: {
    kind: 'authentication',
    code: 'database-login',
    what: 'refuses access',
    advice: 'Check the user, the password, the name of the database and what the user may read.',
  },
  lost: {
    kind: 'network',
    code: 'database-lost',
    what: 'broke off while rows were being read',
    advice: 'What was fetched before is unchanged. Try again.',
  },
  timeout: {
    kind: 'buildFailed',
    code: 'query-timeout',
    what: 'stopped the query, which took longer than its `timeout`',
    advice: 'Ask for fewer rows, or give it more time.',
  },
  busy: {
    kind: 'buildFailed',
    code: 'database-busy',
    what: 'is held by another program',
    advice: 'Try again when that is done.',
  },
  unreadable: {
    kind: 'buildFailed',
    code: 'database-unreadable',
    what: 'cannot be read as a database',
    advice: 'Correct the path, or write the file anew with the program that made it.',
  },
  query: {
    kind: 'buildFailed',
    code: 'query-failed',
    what: 'cannot run the query',
    advice: 'Correct `query` or `table`.',
  },
};

interface Place {
  readonly uri: string;
  readonly signal: AbortSignal;
}

/**
 * The error to throw for one of a client. It has no cause: the errors of clients carry what they sent.
 * @param tell which trouble it is, by what the client says
 */
export function troubleWith(error: unknown, { uri, signal }: Place, tell: (error: Error) => Trouble): unknown {
  if (error instanceof MldataError) return error;
  if (signal.aborted) return cancelled();
  const problem = error instanceof Error ? error : new Error(String(error));
  const { kind, code, what, advice } = words[tell(problem)];
  const said =
    redact(messageOf(problem))
      .split('\n')[0]
      ?.replace(/[.\s]+$/, '') ?? '';
  return new MldataError(kind, code, `${shownAddress(uri)} ${what}${said === '' ? '' : `: ${said}`}. ${advice}`);
}

/** Of several addresses that were tried, what the first one said. */
function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return error.message === '' && first instanceof Error ? first.message : error.message;
}

/** Whether the connection is what failed, not what the server runs. */
export function isAboutSockets(error: Error): boolean {
  if (error instanceof Lost) return true;
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z_]+$/.test(code) && /^E(CONN|HOST|NET|TIMEDOUT|PIPE|AI_|NOTFOUND|ADDR|ACCES)/.test(code);
}
