/**
 * Leaves a host alone for a while that fails again and again. A failure is a request without an answer, or with one that
 * tells against the host. An answer whose body breaks off is none: the host is there, and whoever wanted the body goes on
 * with it, or gives it up after some tries that bring nothing more.
 */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { MldataError } from '../../protocol';
import { Fault, reasonOf } from './faults';
import type { Timing } from './timing';

export interface HostState {
  readonly origin: string;
  /** `open`: it is not asked; `halfOpen`: the next request tells. */
  readonly state: 'closed' | 'open' | 'halfOpen';
  readonly lastFailure?: string;
  /** When it was last left alone, ms. */
  readonly openedAt?: number;
}

interface Host {
  readonly breaker: ReturnType<typeof circuitBreaker>;
  lastFailure?: string;
  openedAt?: number;
  /** Of whoever asked last. */
  log: (line: string) => void;
}

/** A host is not asked: `host-failing`. */
export class LeftAlone extends MldataError {
  constructor(
    message: string,
    /** For how long, ms. */
    readonly forMs: number,
  ) {
    super('network', 'host-failing', message);
  }
}

/** One breaker for each origin. */
export class Breakers {
  private readonly hosts = new Map<string, Host>();

  constructor(private readonly timing: Timing['breaker']) {}

  /**
   * Throws what the request does, and `host-failing` while the host is left alone.
   * @param log is told when that begins and when it ends
   */
  async ask<T>(origin: string, request: () => Promise<T>, log: (line: string) => void): Promise<T> {
    const host = this.host(origin);
    host.log = log;
    try {
      return await host.breaker.execute(async () => {
        try {
          const answer = await request();
          delete host.lastFailure;
          return answer;
        } catch (error) {
          if (error instanceof Fault && error.ofHost) host.lastFailure = reasonOf(error);
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.leftAlone(origin, host);
      throw error;
    }
  }

  states(): HostState[] {
    return [...this.hosts].map(([origin, host]) => ({
      origin,
      state: this.stateOf(host),
      ...(host.lastFailure !== undefined && { lastFailure: host.lastFailure }),
      ...(host.openedAt !== undefined && { openedAt: host.openedAt }),
    }));
  }

  private stateOf({ breaker, openedAt = 0 }: Host): HostState['state'] {
    if (breaker.state === CircuitState.Closed) return 'closed';
    return breaker.state === CircuitState.Open && Date.now() - openedAt < this.timing.openMs ? 'open' : 'halfOpen';
  }

  private host(origin: string): Host {
    const known = this.hosts.get(origin);
    if (known) return known;
    const { failures, openMs } = this.timing;
    const breaker = circuitBreaker(
      handleWhen((error) => error instanceof Fault && error.ofHost),
      { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) },
    );
    const host: Host = { breaker, log: () => undefined };
    breaker.onBreak(() => {
      host.openedAt = Date.now();
      host.log(`${origin} failed ${failures} times in a row: not asked for ${Math.round(openMs / 1000)} s`);
    });
    breaker.onReset(() => {
      host.log(`${origin} answers again`);
    });
    this.hosts.set(origin, host);
    return host;
  }

  private leftAlone(origin: string, { openedAt = Date.now(), lastFailure }: Host): LeftAlone {
    const forMs = Math.max(0, openedAt + this.timing.openMs - Date.now());
    const seconds = Math.max(1, Math.ceil(forMs / 1000));
    return new LeftAlone(
      `${origin} failed ${this.timing.failures} times in a row${lastFailure === undefined ? '' : ` (${lastFailure})`} and is not asked for another ${seconds} s. Try again then.`,
      forMs,
    );
  }
}
