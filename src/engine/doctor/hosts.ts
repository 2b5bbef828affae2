/** What came of asking the hosts of the sources, now and when somebody fetched. */
import type { DoctorCheck } from '../../protocol';
import { redact } from '../credentials';
import type { HostState } from '../fetch';

/** A host that was left alone for a while, by whichever process. */
export interface LeftAlone {
  readonly origin: string;
  readonly at: string;
  readonly why: string;
}

/** @param before those that failed again and again and have not been seen to answer since */
export function hostChecks(states: readonly HostState[], before: readonly LeftAlone[] = []): DoctorCheck[] {
  const asked = states.map(({ origin, state, lastFailure }) => {
    const past = before.find((one) => one.origin === origin);
    const failed = state !== 'closed' || lastFailure !== undefined;
    const why = lastFailure === undefined ? '' : `: ${redact(lastFailure)}`;
    const message =
      state === 'open'
        ? `Failed again and again and is not asked for a while${why}.`
        : failed
          ? `Did not answer as it should${why}.`
          : past
            ? `Answers. ${sentence(past)}`
            : 'Answers.';
    return checkOf(origin, failed, message);
  });
  const others = before.filter(({ origin }) => !states.some((one) => one.origin === origin));
  return [...asked, ...others.map((past) => checkOf(past.origin, true, sentence(past)))];
}

function checkOf(name: string, failed: boolean, message: string): DoctorCheck {
  return {
    ...{ group: 'host', name, state: failed ? 'failed' : 'ok', message },
    ...(failed && {
      code: 'host-failing',
      suggestion: 'Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the address.',
    }),
    durationMs: 0,
  };
}

function sentence({ at, why }: LeftAlone): string {
  return `It failed again and again at ${at} and was left alone for a minute: ${redact(why)}.`;
}
