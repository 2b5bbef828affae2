/** Every check by its name. */
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
import type { Check } from './check';

export type { Check, CheckFault } from './check';
export { thresholdFor, type ColumnThresholds, type Threshold } from './thresholds';
export type { ConsistencyParameters } from './consistency';
export type { CustomFigure, CustomParameters, CustomRule } from './custom';
export type { DistributionParameters, ExpectedFigure, Range } from './distribution';
export type { DuplicatesParameters } from './duplicates';
export type { FreshnessParameters } from './freshness';
export type { FilesParameters } from './files';
export type { LabelsParameters } from './labels';
export type { LeakageParameters, Reaction } from './leakage';
export type { MissingParameters } from './missing';
export type { MixedTypesParameters } from './mixedTypes';
export type { OutlierRule, OutliersParameters } from './outliers';
export type { RowCountParameters } from './rowCount';
export type { SchemaParameters } from './schema';

export const checks = {
  [schema.name]: schema,
  [missing.name]: missing,
  [duplicates.name]: duplicates,
  [labels.name]: labels,
  [leakage.name]: leakage,
  [outliers.name]: outliers,
  [distribution.name]: distribution,
  [mixedTypes.name]: mixedTypes,
  [files.name]: files,
  [rowCount.name]: rowCount,
  [freshness.name]: freshness,
  [consistency.name]: consistency,
  [custom.name]: custom,
} satisfies Partial<Record<Check['name'], Check>>;
