/** What two manifests tell about each other, without a look at the rows. */
import type { Diff, Manifest } from '../../protocol';
import { configChanges } from './config';

export function manifestChanges(before: Manifest, after: Manifest): Pick<Diff, 'config' | 'schema' | 'splits'> {
  return {
    config: configChanges(before.config, after.config),
    schema: schemaChanges(before, after),
    splits: splitChanges(before, after),
  };
}

function schemaChanges({ columns: before }: Manifest, { columns: after }: Manifest): Diff['schema'] {
  const missing = (from: Manifest['columns'], others: Manifest['columns']) =>
    from
      .filter(({ name }) => !others.some((other) => other.name === name))
      .map(({ name, physicalType }) => ({ name, type: physicalType }));
  return {
    added: missing(after, before),
    removed: missing(before, after),
    retyped: before.flatMap(({ name, physicalType }) => {
      const now = after.find((column) => column.name === name)?.physicalType;
      return now === undefined || now === physicalType ? [] : [{ name, before: physicalType, after: now }];
    }),
  };
}

function splitChanges(before: Manifest, after: Manifest): Diff['splits'] {
  const [was, is] = [rowsOf(before), rowsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].map((name) => {
    const [then, now] = [was.get(name), is.get(name)];
    return { name, ...(then !== undefined && { before: then }), ...(now !== undefined && { after: now }) };
  });
}

/** A build without a split has one part. */
function rowsOf({ splits, rows }: Manifest): ReadonlyMap<string, number> {
  return splits.length === 0 ? new Map([['data', rows]]) : new Map(splits.map(({ name, rows: each }) => [name, each]));
}
