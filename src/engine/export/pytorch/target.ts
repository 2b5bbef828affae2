/** The column to predict. */
import { MldataError, type ExportRequest, type Finding } from '../../../protocol';
import type { ExportedColumn, ReadData } from '../exported';
import { kindOf } from './kinds';

/** Throws `target-missing`, `target-several` and `target-type`, each with what to add to the config. */
export function targetOf(data: ReadData, { targetColumn }: Pick<ExportRequest, 'targetColumn'>): ExportedColumn {
  const declared = data.columns.filter(({ role }) => role === 'target');
  const chosen = targetColumn === undefined ? declared : data.columns.filter(({ name }) => name === targetColumn);
  const [target, ...more] = chosen;
  if (target === undefined) throw missing(data, targetColumn);
  if (more.length > 0) {
    const names = chosen.map(({ name }) => `\`${name}\``).join(', ');
    throw refusal(data, {
      code: 'target-several',
      message: `${data.name} has more than one column with the role \`target\`: ${names}.`,
      suggestion: 'Leave the role to one of them, or name the one to predict (--target).',
    });
  }
  const kind = kindOf(target);
  if (kind === 'number' || kind === 'text') return target;
  throw refusal(data, {
    code: 'target-type',
    column: target.name,
    message: `The target \`${target.name}\` is of type ${target.type}, which is neither a number nor a class.`,
    suggestion: 'Make a number or a text of it with a step `derive`, and give that column the role `target`.',
  });
}

function missing(data: ReadData, named: string | undefined): MldataError {
  if (named !== undefined) {
    return refusal(data, {
      code: 'target-missing',
      message: `${data.name} has no column \`${named}\` to predict.`,
      suggestion: `Name one of its columns: ${someNames(data)}.`,
    });
  }
  const example = data.columns.at(-1)?.name ?? 'label';
  const suggestion = data.spec
    ? `Add to .mldata.yaml, below \`datasets: ${data.name}: schema: columns:\`, the role to the column to predict, such as ` +
      `\`${yamlKey(example)}: { role: target }\`, or name it (--target). The columns: ${someNames(data)}.`
    : `Name it (--target). The columns: ${someNames(data)}.`;
  return refusal(data, {
    code: 'target-missing',
    message: `${data.name} has no column with the role \`target\`, so there is nothing to predict.`,
    suggestion,
  });
}

const MOST_NAMES = 12;

function someNames({ columns }: ReadData): string {
  const names = columns.slice(0, MOST_NAMES).map(({ name }) => `\`${name}\``);
  return names.join(', ') + (columns.length > MOST_NAMES ? ` and ${columns.length - MOST_NAMES} more` : '');
}

/** Words alone may mean something else in YAML: `no`, `null`, `y`. */
function yamlKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name)
    ? name
    : JSON.stringify(name);
}

/** What is wrong with the target, at the columns of the config. */
export function refusal(
  { name, spec, configPath }: ReadData,
  finding: Pick<Finding, 'code' | 'message' | 'suggestion' | 'column'>,
): MldataError {
  const { code, message, suggestion = '' } = finding;
  const located: Finding = {
    ...finding,
    severity: 'error',
    dataset: name,
    ...(spec && { configPath: ['datasets', name, 'schema', 'columns'] }),
    ...(configPath !== undefined && { locations: [{ file: configPath }] }),
  };
  return new MldataError('config', code, `${message} ${suggestion}`, [located]);
}
