/** A rule that somebody wrote, among others of its check. */
import type { CheckName } from '../../protocol';
import { firstLine, isAboutValues } from '../duckdb';
import { inNames } from '../transforms';
import type { CheckContext, CheckFinding } from './check';

/** What the rule finds; where its expression fails for what a row holds, that alone: the other rules are not the worse for it. */
export async function findingsOfRule(
  context: Pick<CheckContext, 'columns'>,
  check: CheckName,
  rule: string,
  find: () => Promise<CheckFinding[]>,
): Promise<CheckFinding[]> {
  try {
    return await find();
  } catch (error) {
    if (!isAboutValues(error)) throw error;
    return [
      {
        code: 'check-expression',
        severity: 'error',
        message: `\`${rule}\` cannot be worked out. ${inNames(firstLine(error), context)}`,
        suggestion: 'Correct the values, or write an expression that takes them too, such as with `TRY_CAST`.',
        configPath: ['checks', check, rule],
      },
    ];
  }
}
