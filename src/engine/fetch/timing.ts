/** How long is waited for what. */
export interface Timing {
  readonly connectMs: number;
  /** From the request to the headers of its answer. */
  readonly headersMs: number;
  /** Without any byte of a body. */
  readonly idleMs: number;
  /** Tries in a row of which none brings more than was there before. */
  readonly tries: number;
  readonly backoff: { readonly firstMs: number; readonly mostMs: number };
  /** The longest that is waited because a server asks for it. */
  readonly retryAfterMs: number;
  /** How much more there is, and how long after, when the record of a part is written again: what a kill may cost. */
  readonly record: { readonly bytes: number; readonly ms: number };
  /** Failures in a row after which a host is left alone, and for how long. */
  readonly breaker: { readonly failures: number; readonly openMs: number };
}

export const USUAL: Timing = {
  connectMs: 15_000,
  headersMs: 60_000,
  idleMs: 60_000,
  tries: 5,
  backoff: { firstMs: 500, mostMs: 30_000 },
  retryAfterMs: 300_000,
  record: { bytes: 4 * 2 ** 20, ms: 5_000 },
  breaker: { failures: 5, openMs: 60_000 },
};
