/** What every strategy of splitting takes and gives. */
import { text, type Database } from '../../duckdb';
import type { StageColumn } from '../../schema';
import { MldataError, type Finding, type SplitName, type SplitRecord, type SplitSpec } from '../../../protocol';
import type { Stage } from '../../staging';
import type { Members } from './members';

/** A strategy fills this table: `id` of a kept row, `split` (position among the split names), and what it likes beside. */
export const SPLIT_ROWS = 'split_rows';

export interface SplitContext {
  readonly database: Database;
  readonly dataset: string;
  readonly stage: Stage;
  readonly split: SplitSpec;
  /** SQL name of the rows before any step took some away. */
  readonly asRead: string;
  /** Absolute path of the file of indices, where the split follows one. */
  readonly indicesPath?: string;
}

export interface SplitPart extends SplitRecord {
  readonly name: SplitName;
  readonly members: Members;
}

/** The error of a split that the data does not allow, on its key in the config. */
export function refuseSplit(
  { dataset }: Pick<SplitContext, 'dataset'>,
  key: keyof SplitSpec,
  code: string,
  message: string,
  suggestion: string,
  column?: StageColumn,
): MldataError {
  const finding: Finding = {
    code,
    severity: 'error',
    message,
    dataset,
    ...(column && { column: column.name }),
    suggestion,
    configPath: ['datasets', dataset, 'split', key],
  };
  return new MldataError('buildFailed', code, `${message} ${suggestion}`, [finding]);
}

/** SQL that names the position of a split. */
export const position = (names: readonly SplitName[]): string =>
  `CASE split ${names.map((name, index) => `WHEN ${text(name)} THEN ${index}`).join(' ')} END`;
