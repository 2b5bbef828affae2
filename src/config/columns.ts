/** Columns as declared: the shorthand, and constraints that no value could meet. */
import type { ColumnSpec, ColumnType, ConfigPath, Scalar } from '../protocol';
import { isOrdered, literalForms, positionOf } from './literals';
import { matchesWhole, patternProblem } from './pattern';
import type { ConfigCode, Report } from './problem';
import type { WrittenColumn } from './written';

/** `Age: number` is `{ type: number }`. */
export function resolveColumn(written: WrittenColumn): ColumnSpec {
  return typeof written === 'string' ? { type: written } : written;
}

const bounds = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'] as const;

/** Reports constraints that contradict the type or each other; each finding stands on the value that is at fault. */
export function checkColumn(column: ColumnSpec, path: ConfigPath, report: Report): void {
  const { type } = column;
  let faults = 0;
  const fault = (
    code: ConfigCode,
    key: string | readonly (string | number)[],
    message: string,
    suggestion?: string,
  ): void => {
    faults += 1;
    report({
      code,
      severity: 'error',
      message,
      ...(suggestion !== undefined && { suggestion }),
      path: path.concat(key),
      part: 'value',
    });
  };

  for (const [index, value] of (column.enum ?? []).entries()) {
    if (type !== undefined && positionOf(type, value) === undefined) {
      fault('constraint-type', ['enum', index], ...misfit(type, value));
    }
  }

  if (type !== undefined && type !== 'string') {
    for (const key of ['minLength', 'maxLength', 'pattern', 'format'] as const) {
      if (column[key] !== undefined)
        fault(
          'constraint-type',
          key,
          `\`${key}\` applies to the type string, not to ${type}.`,
          'Take it away, or declare the column as string.',
        );
    }
  }

  for (const key of bounds) {
    const value = column[key];
    if (value === undefined || type === undefined) continue;
    if (!isOrdered(type))
      fault(
        'constraint-type',
        key,
        `\`${key}\` needs a type with an order, such as number or date, not ${type}.`,
        'Take it away, or declare another type.',
      );
    else if (boundPosition(type, value) === undefined) {
      fault('constraint-type', key, ...misfit(type, value));
    }
  }

  checkOrder(column, fault);
  if (column.minLength !== undefined && column.maxLength !== undefined && column.minLength > column.maxLength) {
    fault(
      'contradictory-bounds',
      'maxLength',
      `\`maxLength\` ${column.maxLength} is less than \`minLength\` ${column.minLength}: no text fits.`,
      'Raise `maxLength`, or lower `minLength`.',
    );
  }
  const problem = column.pattern === undefined ? undefined : patternProblem(column.pattern);
  if (problem !== undefined)
    fault('invalid-pattern', 'pattern', problem, 'Write it in RE2 syntax; it has to match the whole value.');
  if (faults === 0) checkEnum(column, path, report);
}

/** Reports values of the enum that another constraint leaves out; where that leaves none, no value fits. */
function checkEnum(column: ColumnSpec, path: ConfigPath, report: Report): void {
  const values = column.enum ?? [];
  const shut = values.flatMap((value, index) => {
    const by = constraintAgainst(column, value);
    return by === undefined ? [] : [{ value, index, by }];
  });
  for (const { value, index, by } of shut)
    report({
      code: 'contradictory-bounds',
      severity: shut.length === values.length ? 'error' : 'warning',
      message: `\`${value}\` stands in \`enum\`, but \`${by}\` ${column[by]} does not let it in.`,
      suggestion: `Take \`${value}\` out of \`enum\`, or change \`${by}\`.`,
      path: [...path, 'enum', index],
      part: 'value',
    });
}

type Shutting = (typeof bounds)[number] | 'minLength' | 'maxLength' | 'pattern';

/** What a value of the enum breaks. */
function constraintAgainst(column: ColumnSpec, value: Scalar): Shutting | undefined {
  const { type, minLength = 0, maxLength = Infinity, pattern } = column;
  const at = boundPosition(type, value);
  for (const key of bounds) {
    const bound = column[key];
    const limit = bound === undefined ? undefined : boundPosition(type, bound);
    if (at === undefined || limit === undefined) continue;
    const below = key === 'minimum' ? at < limit : key === 'exclusiveMinimum' && at <= limit;
    const above = key === 'maximum' ? at > limit : key === 'exclusiveMaximum' && at >= limit;
    if (below || above) return key;
  }
  if (typeof value !== 'string' || (type ?? 'string') !== 'string') return undefined;
  // In characters, as the data is measured.
  const { length } = Array.from(value);
  if (length < minLength) return 'minLength';
  if (length > maxLength) return 'maxLength';
  return pattern !== undefined && matchesWhole(pattern, value) === false ? 'pattern' : undefined;
}

function checkOrder(
  column: ColumnSpec,
  fault: (code: ConfigCode, key: string, message: string, suggestion: string) => void,
): void {
  for (const low of ['minimum', 'exclusiveMinimum'] as const) {
    for (const high of ['maximum', 'exclusiveMaximum'] as const) {
      const from = column[low];
      const to = column[high];
      if (from === undefined || to === undefined) continue;
      const bottom = boundPosition(column.type, from);
      const top = boundPosition(column.type, to);
      if (bottom === undefined || top === undefined) continue;
      const touching = low === 'minimum' && high === 'maximum';
      if (bottom > top || (!touching && bottom >= top)) {
        fault(
          'contradictory-bounds',
          high,
          `\`${high}\` ${to} leaves nothing above \`${low}\` ${from}: no value fits.`,
          `Raise \`${high}\`, or lower \`${low}\`.`,
        );
      }
    }
  }
}

/** As `positionOf`, except that an integer column may have a bound between two integers, and an untyped one has numbers. */
function boundPosition(type: ColumnType | undefined, value: Scalar): number | bigint | undefined {
  if (type === undefined) return typeof value === 'number' ? value : undefined;
  if (!isOrdered(type)) return undefined;
  return type === 'integer' && typeof value === 'number' ? value : positionOf(type, value);
}

/** A message and a suggestion about a value that isn't one of the column's type. */
function misfit(type: ColumnType, value: Scalar): [string, string] {
  const text = String(value);
  const remedy =
    typeof value === 'string' || type !== 'string'
      ? `Write ${literalForms[type] ?? 'text'}.`
      : `Put it in quotes: "${text}".`;
  return [`\`${text}\` does not fit the type ${type}.`, remedy];
}
