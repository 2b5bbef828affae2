/**
 * The native library, and an engine started before anybody knows what for: loading the one and setting up the other take
 * a while, which a job process has before its job comes. Imports nothing else, so that it can run first.
 */
import type * as Driver from '@duckdb/node-api';
import type { DuckDBInstance } from '@duckdb/node-api';

let spare: Promise<DuckDBInstance> | undefined;

/** What every engine has, whatever it is used for. */
export const fixedOptions = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
} as const;

/** Rejects where there is no library for this platform. */
export function loadDriver(): Promise<typeof Driver> {
  return import('@duckdb/node-api');
}

/** Resolves once the engine is on its way. Whether that works is said when one is asked for. */
export async function startAhead(): Promise<void> {
  const driver = await loadDriver().catch(() => undefined);
  spare = driver?.DuckDBInstance.create(':memory:', fixedOptions);
  spare?.catch(() => undefined);
}

/** The engine that was started ahead, once. */
export function takeAhead(): Promise<DuckDBInstance> | undefined {
  const taken = spare;
  spare = undefined;
  return taken;
}
