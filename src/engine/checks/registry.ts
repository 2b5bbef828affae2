/** Every check by its name. */
import type { CheckName } from '../../protocol';
import type { Check } from './check';
import { consistency } from './consistency';
import { custom } from './custom';
import { distribution } from './distribution';
import { duplicates } from './duplicates';
import { files } from './files';
import { freshness } from './freshness';
import { labels } from './labels';
import { leakage } from './leakage';
import { missing } from './missing';
import { mixedTypes } from './mixedTypes';
import { outliers } from './outliers';
import { rowCount } from './rowCount';
import { schema } from './schema';

/** A check with the parameters that `src/config/checks/` resolves for it. */
export const checks: Readonly<Partial<Record<CheckName, Check>>> = {
  schema,
  missing,
  duplicates,
  labels,
  leakage,
  outliers,
  distribution,
  mixed_types: mixedTypes,
  row_count: rowCount,
  freshness,
  consistency,
  files,
  custom,
};
