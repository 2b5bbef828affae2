/** What every run of the engine may be told. */

/** Limits and permissions of one engine run; from settings or flags, never from the config. */
export interface RunOptions {
  /** Engine threads; default: all cores. */
  readonly threads?: number;
  /** e.g. `512MB`; default: a quarter of what the machine has, 512 MiB to 4 GiB. */
  readonly memoryLimit?: string;
  /** What rows kept in the workspace's cache may take, e.g. `512MB`; default: 10 GB. */
  readonly cacheSize?: string;
  /** Allow paths outside the git root (else the config's folder). */
  readonly allowOutsidePaths?: boolean;
  /** Let sources be fetched from this machine and its network: loopback, link-local and private addresses. */
  readonly allowPrivateAddresses?: boolean;
}
