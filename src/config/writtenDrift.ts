/** `drift:` as people write it. */
import * as z from 'zod';
import {
  driftLevels,
  driftMetrics,
  driftPresets,
  isTest,
  webhookFormats,
  windowUnits,
  type DriftMetric,
} from '../protocol';
import { columnName, oneOrMany, share, worded } from './words';

const bound = z.number().nonnegative();
const levels = worded(
  z.tuple([bound, bound, bound]),
  'three numbers: from when on it is low, medium and high, such as [0.1, 0.2, 0.25]',
);
const sharesOfRows = worded(
  z.tuple([share, share, share]),
  'three shares: from when on it is low, medium and high, such as [5%, 10%, 20%]',
);

/** What each measure is, for the editor. */
const measures: Readonly<Record<DriftMetric, string>> = {
  psi: 'Population stability index, of bins.',
  kl: 'Kullback–Leibler divergence of the baseline from the current side, of bins.',
  klReverse: 'Kullback–Leibler divergence of the current side from the baseline, of bins.',
  js: 'Jensen–Shannon distance, 0–1, of bins.',
  hellinger: 'Hellinger distance, 0–1, of bins.',
  tvd: 'Total variation distance, 0–1, of bins.',
  linf: 'The largest change of the share of any bin, 0–1.',
  chi2: 'Chi-square test, of bins: its p-value.',
  cramersV: 'Cramér’s V, bias-corrected, 0–1, of bins.',
  ks: 'Kolmogorov–Smirnov test, of all values: its p-value.',
  cramerVonMises: 'Cramér–von Mises test, of all values: its p-value.',
  wasserstein: 'Wasserstein distance, in the units of the column.',
  wassersteinNormalized: 'Wasserstein distance in standard deviations of the baseline.',
  energy: 'Energy distance, of all values, in the units of the column.',
};

function levelsText(metric: DriftMetric): string {
  return `${measures[metric]} Low, medium and high ${isTest(metric) ? 'at most' : 'from'} these.`;
}

const thresholds = z.strictObject({
  ...(Object.fromEntries(
    driftMetrics.map((metric) => [metric, levels.describe(levelsText(metric)).optional()]),
  ) as Record<DriftMetric, z.ZodOptional<typeof levels>>),
  missing: sharesOfRows
    .describe('How much the share of missing values changes. Low, medium and high from these.')
    .optional(),
  meanShift: levels
    .describe('Cosine distance between the means of embeddings, 0–2. Low, medium and high from these.')
    .optional(),
});

const number = worded(z.int().min(2).max(1000), 'a whole number from 2 to 1000');
const bins = worded(
  z.union([
    number,
    z.strictObject({
      quantile: number.describe('So many bins with about as many rows of the baseline each.').optional(),
      width: number.describe('So many bins of the same width between the extremes of the baseline.').optional(),
      edges: worded(z.array(z.number()).min(1), 'a list of one or more numbers')
        .describe('Where one bin ends and the next begins; the outer two are open.')
        .optional(),
    }),
  ]),
  'a number of bins from 2 to 1000, or a map with `quantile`, `width` or `edges`',
);

const metric = z.enum(driftMetrics);

const column = z.strictObject({
  method: metric.describe('The measure that decides about this column.').optional(),
  thresholds: levels.describe('From when on it is low, medium and high by that measure.').optional(),
  bins: bins.describe('The bins of this column.').optional(),
  importance: worded(z.number().nonnegative(), 'a number, 0 or more')
    .describe('Its weight in the share of drifted columns. Default: 1.')
    .optional(),
  muted: z.boolean().describe('Compared and shown, but no finding and no alert.').optional(),
});

const webhookUrl = worded(z.string().min(1), 'the address of a webhook, such as ${credential:slack}');
const webhook = worded(
  z.union([
    webhookUrl,
    z.strictObject({
      url: webhookUrl.describe(
        'Where messages are posted to. Whoever has the address can post too: `${credential:NAME}` or `${env:NAME}`.',
      ),
      format: z
        .enum(webhookFormats)
        .describe(
          '`json`: the alerts as a document; `slack`: a text, as Slack and Mattermost take it. Left out: by the host.',
        )
        .optional(),
    }),
  ]),
  'the address of a webhook, or a map with `url` and `format`',
);

export const writtenDrift = z.strictObject({
  baseline: worded(z.string().min(1), '`previous`, a tag, the id of a version, or a path', 'path')
    .describe('What a build is held against: `previous`, a tag such as `production`, the id of a version, or a path.')
    .optional(),
  preset: z.enum(driftPresets).describe('Reckon as this tool does, to the same figures.').optional(),
  method: z
    .enum(['auto', ...driftMetrics])
    .describe('The measure that decides about a column. Default: `auto`, by its type, different values and rows.')
    .optional(),
  thresholds: thresholds
    .describe('By measure, from when on a difference is low, medium and high: `psi: [0.1, 0.2, 0.25]`.')
    .optional(),
  bins: bins.describe('The bins of numbers, from the baseline. A number means quantiles. Default: 10.').optional(),
  epsilon: worded(z.number().positive().lt(1), 'a number above 0 and below 1')
    .describe('What takes the place of an empty share in PSI and KL. Default: 0.0001.')
    .optional(),
  correction: z
    .enum(['benjamini-hochberg', 'none'])
    .describe('How p-values are corrected for the number of columns. Default: `benjamini-hochberg`.')
    .optional(),
  share: share.describe('The dataset drifts where this share of its columns does. Default: 50%.').optional(),
  columns: z
    .record(columnName, column)
    .describe('Columns that are compared otherwise: `Fare: { method: ks }`, `Ticket: { muted: true }`.')
    .optional(),
  window: z
    .strictObject({
      column: columnName.describe('The column of dates or times.'),
      by: z.enum(windowUnits).describe('How long a window is. Default: `month`.').optional(),
    })
    .describe('Also compare windows of time, each against the whole baseline.')
    .optional(),
  alerts: z
    .strictObject({
      command: oneOrMany(worded(z.string().min(1), 'a program or an argument'), 1)
        .describe(
          'A program that gets alerts as JSON on its standard input, in trusted workspaces: `[./notify, --now]`.',
        )
        .optional(),
      log: worded(z.string().min(1), 'a path', 'path')
        .describe('A file that every alert is added to as a line of JSON.')
        .optional(),
      webhooks: oneOrMany(webhook, 1)
        .describe('Where one message for each build is posted to, in trusted workspaces: `${credential:slack}`.')
        .optional(),
      level: z.enum(driftLevels).describe('From which level on. Default: `medium`.').optional(),
    })
    .describe('Who is told of columns that drifted after a build.')
    .optional(),
});
export type WrittenDrift = z.infer<typeof writtenDrift>;
export type WrittenBins = z.infer<typeof bins>;
