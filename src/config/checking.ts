/** Which checks are made of a dataset, each with its parameters in full, and what they must come up to. */
import {
  checkNames,
  type CheckName,
  type ChecksSpec,
  type ConfigPath,
  type DatasetSpec,
  type GatesSpec,
  type TableSchema,
  type TransformSpec,
} from '../protocol';
import { checks, type Check } from './checks';
import { keyDatasets } from './foreignKeys';
import type { DatasetLayers } from './layers';
import type { Report } from './problem';
import { isRecord } from './shape';
import { parseShare } from './shorthands';
import { isFitted, transformOf } from './steps';
import type { Columns } from './transforms';

export interface PlannedCheck {
  readonly name: CheckName;
  /** In full, as the check resolves them. */
  readonly parameters: unknown;
}

/** What a check of this name is; undefined for one that this version does not make. */
export function declaredCheck(name: CheckName): Check | undefined {
  return (checks as Readonly<Partial<Record<CheckName, Check>>>)[name];
}

/**
 * In the order of `checkNames`.
 * @param spec what the config says of the dataset; absent: nothing
 * @param which `named`: those that the config names, which a build makes; `usual`: those too that are made unless it says
 * `false`; or these, whatever it says
 */
export function plannedChecks(
  spec: ChecksSpec | undefined,
  which: 'named' | 'usual' | readonly CheckName[],
): PlannedCheck[] {
  return checkNames.flatMap((name) => {
    const check = declaredCheck(name);
    const said = spec?.[name];
    const isWanted =
      typeof which === 'string'
        ? said !== false && (said !== undefined || (which === 'usual' && check?.byDefault === true))
        : which.includes(name);
    if (!check || !isWanted) return [];
    return [{ name, parameters: said === undefined || said === false ? parametersOf(check, {}) : said }];
  });
}

/** Whether a build looks at its rows before it is published: also gates alone hold it up. */
export function isChecked({ checks, gates }: Pick<DatasetSpec, 'checks' | 'gates'>): boolean {
  return gates !== undefined || plannedChecks(checks, 'named').length > 0;
}

/** The datasets that a build holds foreign keys against, each once: none unless its checks name `schema`. */
export function keyDatasetsOf({ schema, checks }: Pick<DatasetSpec, 'schema' | 'checks'>): string[] {
  return plannedChecks(checks, 'named').some(({ name }) => name === 'schema') ? keyDatasets(schema) : [];
}

function parametersOf(check: Check, written: unknown): unknown {
  return check.resolve(check.parameters.parse(written));
}

/**
 * What is written of each check, the dataset's own keys over those of `defaults`; reports what is wrong in it. Undefined
 * where nothing is.
 * @param schema the columns of the rows that are checked
 */
export function resolveChecks(
  { name: dataset, own, base }: DatasetLayers,
  schema: TableSchema,
  report: Report,
): ChecksSpec | undefined {
  const entries = checkNames.flatMap((name): [CheckName, NonNullable<ChecksSpec[CheckName]>][] => {
    const check = declaredCheck(name);
    const upper = asMap(check, own.checks?.[name]);
    const lower = asMap(check, base.checks?.[name]);
    const both = isRecord(upper) && isRecord(lower);
    const written = both ? { ...lower, ...upper } : (upper ?? lower);
    if (!check || written === undefined) return [];
    if (written === false) return [[name, false]];
    const parameters = parametersOf(check, written);
    const isOwn = (key: string) =>
      both ? Object.hasOwn(upper, key) || !Object.hasOwn(lower, key) : upper !== undefined;
    check.refuse?.(parameters, schema, ({ at, ...fault }) => {
      const place: ConfigPath = isOwn(String(at[0])) ? ['datasets', dataset] : ['defaults'];
      report({ ...fault, severity: 'error', path: [...place, 'checks', name, ...at], part: 'value', dataset });
    });
    // Plain JSON, as every check resolves its own.
    return [[name, parameters as Record<string, string>]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** A bare value under the key that it stands for. */
function asMap(check: Check | undefined, written: unknown): unknown {
  const isBare = written !== undefined && written !== false && !isRecord(written) && check?.bare !== undefined;
  return isBare ? { [check.bare]: written } : written;
}

/** Undefined where nothing is written. */
export function resolveGates({ own, base }: DatasetLayers): GatesSpec | undefined {
  const { maxErrors, maxWarnings, coverage } = { ...base.gates, ...own.gates };
  const gates = {
    ...(maxErrors !== undefined && { maxErrors }),
    ...(maxWarnings !== undefined && { maxWarnings }),
    ...(coverage !== undefined && { coverage: parseShare(coverage) }),
  };
  return Object.keys(gates).length > 0 ? gates : undefined;
}

/** The columns that reach the split, which are those that are checked, as far as the config tells them. */
export function schemaAtSplit(schema: TableSchema, transforms: readonly TransformSpec[]): TableSchema {
  const fitted = transforms.findIndex(isFitted);
  return schemaAfter(schema, fitted < 0 ? transforms : transforms.slice(0, fitted));
}

/** The columns that steps leave, as far as the config tells them. */
export function schemaAfter(schema: TableSchema, transforms: readonly TransformSpec[]): TableSchema {
  const names = Object.keys(schema.columns);
  const open = names.length === 0 || schema.extraColumns !== 'error';
  // Hundreds of datasets may inherit hundreds of columns: what no step changes is not copied for each.
  if (transforms.length === 0) return { ...schema, extraColumns: open ? 'ignore' : 'error' };
  let columns: Columns = {
    types: new Map(names.map((name) => [name, schema.columns[name]?.type])),
    open,
  };
  for (const step of transforms) {
    columns = transformOf(step.transform)?.columns(step.parameters, columns, () => undefined) ?? columns;
  }
  return {
    ...schema,
    columns: Object.fromEntries(
      Array.from(columns.types, ([name, type]) => {
        const before = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined;
        return [name, { ...before, ...(type && { type }) }];
      }),
    ),
    extraColumns: columns.open ? 'ignore' : 'error',
  };
}
