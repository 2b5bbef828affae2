/** Where two resolved configs say something else. */
import { isDeepStrictEqual } from 'node:util';
import type { Diff } from '../../protocol';

type Change = Diff['config'][number];
type Json = NonNullable<Change['before']>;

/** Every leaf by its path, in the order of `before` and then what is new; lists of plain values count as one. */
export function configChanges(before: unknown, after: unknown, path: Change['path'] = []): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  const keys = keysOf(before, after);
  if (keys !== undefined)
    return keys.flatMap((key) => configChanges(valueOf(before, key), valueOf(after, key), [...path, key]));
  return [
    {
      path,
      ...(before !== undefined && { before: before as Json }),
      ...(after !== undefined && { after: after as Json }),
    },
  ];
}

/** Undefined where the values cannot be gone into side by side. */
function keysOf(before: unknown, after: unknown): (string | number)[] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    const whole: unknown[] = [...(before as unknown[]), ...(after as unknown[])];
    if (!whole.every(isObject)) return undefined;
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
  }
  if (!isObject(before) || !isObject(after)) return undefined;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOf(value: unknown, key: string | number): unknown {
  if (typeof key === 'number') return (value as readonly unknown[])[key];
  const object = value as Readonly<Record<string, unknown>>;
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
