/**
 * A coefficient as documents hold it: twelve digits, which are the same for any number of threads; null where it is not
 * defined.
 */
export function coefficient(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Number(Math.max(-1, Math.min(1, value)).toPrecision(12));
}
