/** What came of asking the hosts of the sources. */
import type { DoctorCheck } from '../../protocol';
import { redact } from '../credentials';
import type { HostState } from '../fetch';

export function hostChecks(states: readonly HostState[]): DoctorCheck[] {
  return states.map(({ origin, state, lastFailure }) => {
    const failed = state !== 'closed' || lastFailure !== undefined;
    const why = lastFailure === undefined ? '' : `: ${redact(lastFailure)}`;
    const message =
      state === 'open'
        ? `Failed again and again and is not asked for a while${why}.`
        : failed
          ? `Did not answer as it should${why}.`
          : 'Answers.';
    return {
      ...{ group: 'host', name: origin, state: failed ? 'failed' : 'ok', message },
      ...(failed && {
        code: 'host-failing',
        suggestion: 'Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the address.',
      }),
      durationMs: 0,
    } as const;
  });
}
