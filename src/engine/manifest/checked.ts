/** What a build followed: its config, and the checks that were made of it, which a manifest keeps apart. */
import type { DatasetSpec, Manifest } from '../../protocol';

export function specOf({ config, checked }: Manifest): DatasetSpec {
  if (checked === undefined) return config;
  const { checks, gates } = checked;
  return { ...config, checks, ...(gates && { gates }) };
}
