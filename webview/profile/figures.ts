/** The figures of a column, named and rounded; plain data, which a list or a table shows. */
import * as l10n from '@vscode/l10n';
import type { ProfileColumn, Spread } from '../../src/protocol';
import { bytes, count, duration, figure, full, share, time } from '../shared/format';
import { shown } from '../shared/text';

export interface Figure {
  readonly label: string;
  readonly value: string;
  /** The full value, where `value` is rounded. */
  readonly title?: string;
  /** The key by which the column calls it an estimate. */
  readonly key?: string;
}

const say = (label: string, value: string, title?: string, key?: string): Figure => ({
  label,
  value,
  ...(title !== undefined && title !== value && { title }),
  ...(key !== undefined && { key }),
});
const number = (label: string, value: number | null, key?: string, exact?: string): Figure =>
  say(label, figure(value), exact ?? full(value), key);
const part = (label: string, value: number, of: number): Figure =>
  say(label, count(value), of > 0 ? share(value / of) : undefined);

/** The two or three that matter for its type. */
export function shortFigures(column: ProfileColumn): Figure[] {
  const { numeric, boolean, categorical, text, temporal, list, embedding, struct, image, audio } = column;
  const distinct = number(l10n.t('distinct'), column.distinct, 'distinct');
  switch (column.semantic) {
    case 'numeric':
      return numeric === undefined
        ? [distinct]
        : [
            number(l10n.t('mean'), numeric.mean, 'numeric.mean'),
            number(l10n.t('sd'), numeric.stddev, 'numeric.stddev'),
            say('', `${figure(numeric.min)} – ${figure(numeric.max)}`, `${full(numeric.min)} – ${full(numeric.max)}`),
          ];
    case 'boolean': {
      const { true: yes = 0, false: no = 0 } = boolean ?? {};
      return yes + no === 0 ? [distinct] : [say(l10n.t('true'), share(yes / (yes + no)), count(yes))];
    }
    case 'categorical': {
      const [first] = categorical?.top ?? [];
      if (first === undefined) return [distinct];
      const all = (categorical?.other ?? 0) + (categorical?.top ?? []).reduce((sum, each) => sum + each.count, 0);
      return [distinct, say(shown(first.value, 18), share(first.count / Math.max(all, 1)), shown(first.value, 500))];
    }
    case 'text':
      return [distinct, number(l10n.t('mean length'), text?.meanLength ?? null, 'text.meanLength')];
    case 'datetime':
      return temporal === undefined ? [distinct] : [say('', `${time(temporal.min)} – ${time(temporal.max)}`)];
    case 'identifier':
      return [distinct];
    case 'list':
      return [number(l10n.t('mean length'), list?.lengths.mean ?? null)];
    case 'embedding':
      return [
        number(l10n.t('dimensions'), embedding?.dimension ?? null),
        number(l10n.t('mean norm'), embedding?.norms.mean ?? null),
      ];
    case 'struct':
      return [number(l10n.t('fields'), struct?.fields.length ?? null)];
    case 'image':
      return image === undefined
        ? [distinct]
        : [say(l10n.t('median'), `${figure(image.width.median)} × ${figure(image.height.median)} px`)];
    case 'audio':
      return audio === undefined ? [distinct] : [say(l10n.t('mean'), duration(audio.durationSeconds.mean))];
    case 'empty':
      return [];
  }
}

/** Everything that is a single figure, by what it is about. */
export function allFigures(
  column: ProfileColumn,
  rows: number,
): { readonly title: string; readonly figures: Figure[] }[] {
  const present = rows - column.nulls;
  const groups = [
    {
      title: l10n.t('Values'),
      figures: [
        part(l10n.t('present'), present, rows),
        part(l10n.t('missing'), column.nulls, rows),
        say(
          l10n.t('distinct'),
          count(column.distinct),
          present > 0 ? share(column.distinct / present) : undefined,
          'distinct',
        ),
        ...(column.mode === undefined
          ? []
          : [
              say(
                l10n.t('most frequent'),
                shown(column.mode.value, 24),
                `${shown(column.mode.value, 500)}: ${count(column.mode.count)}`,
              ),
            ]),
      ],
    },
    ...numericGroups(column, present),
    ...textGroups(column, present),
    ...temporalGroups(column),
    ...nestedGroups(column),
    ...mediaGroups(column),
  ];
  return groups.filter(({ figures }) => figures.length > 0);
}

function numericGroups({ numeric }: ProfileColumn, present: number) {
  if (numeric === undefined) return [];
  const { exact = {}, quantiles, outliers } = numeric;
  const order = numeric.order === undefined ? [] : [say(l10n.t('order'), orderWord(numeric.order))];
  return [
    {
      title: l10n.t('Location and spread'),
      figures: [
        number(l10n.t('mean'), numeric.mean, 'numeric.mean'),
        number(l10n.t('standard deviation'), numeric.stddev, 'numeric.stddev'),
        number(l10n.t('variance'), numeric.variance, 'numeric.variance'),
        number(l10n.t('coefficient of variation'), numeric.cv, 'numeric.cv'),
        number(l10n.t('interquartile range'), numeric.iqr, 'numeric.iqr'),
        number(l10n.t('median absolute deviation'), numeric.mad, 'numeric.mad'),
        number(l10n.t('sum'), numeric.sum, 'numeric.sum', exact.sum),
      ],
    },
    {
      title: l10n.t('Quantiles'),
      figures: [
        number(l10n.t('minimum'), numeric.min, 'numeric.min', exact.min),
        ...Object.entries(quantiles).map(([key, value]) =>
          number(Number(key) === 0.5 ? l10n.t('median') : share(Number(key)), value, 'numeric.quantiles'),
        ),
        number(l10n.t('maximum'), numeric.max, 'numeric.max', exact.max),
      ],
    },
    {
      title: l10n.t('Shape'),
      figures: [
        number(l10n.t('skewness'), numeric.skewness, 'numeric.skewness'),
        number(l10n.t('excess kurtosis'), numeric.kurtosis, 'numeric.kurtosis'),
        part(l10n.t('zeros'), numeric.zeros, present),
        part(l10n.t('negative'), numeric.negatives, present),
        part(l10n.t('outliers'), outliers.count, present),
        ...(numeric.nans > 0 ? [part('NaN', numeric.nans, present)] : []),
        ...(numeric.infinities > 0 ? [part(l10n.t('infinite'), numeric.infinities, present)] : []),
        ...order,
      ],
    },
  ];
}

function orderWord(order: NonNullable<NonNullable<ProfileColumn['numeric']>['order']>): string {
  const words = {
    constant: l10n.t('constant'),
    increasing: l10n.t('increasing'),
    strictlyIncreasing: l10n.t('strictly increasing'),
    decreasing: l10n.t('decreasing'),
    strictlyDecreasing: l10n.t('strictly decreasing'),
  };
  return words[order];
}

function textGroups({ text }: ProfileColumn, present: number) {
  if (text === undefined) return [];
  const { characters } = text;
  return [
    {
      title: l10n.t('Length in characters'),
      figures: [
        number(l10n.t('shortest'), text.minLength),
        number(l10n.t('median'), text.medianLength, 'text.medianLength'),
        number(l10n.t('mean'), text.meanLength, 'text.meanLength'),
        number(l10n.t('longest'), text.maxLength),
        number(l10n.t('words, mean'), text.words.mean, 'text.words'),
        number(l10n.t('words, most'), text.words.max, 'text.words'),
      ],
    },
    {
      title: l10n.t('Content'),
      figures: [
        part(l10n.t('empty'), text.empty, present),
        part(l10n.t('blank'), text.blank, present),
        part(l10n.t('surrounded by blanks'), text.surroundingBlanks, present),
        part(l10n.t('read as numbers'), text.numbers, present),
        part(l10n.t('read as dates'), text.dates, present),
        part(l10n.t('in several letter cases'), text.caseVariants, present),
        part(l10n.t('beyond ASCII'), text.nonAscii, present),
      ],
    },
    {
      title: l10n.t('Characters'),
      figures: [
        say(l10n.t('letters'), share(characters.letters)),
        say(l10n.t('digits'), share(characters.digits)),
        say(l10n.t('spaces'), share(characters.spaces)),
        say(l10n.t('punctuation'), share(characters.punctuation)),
        say(l10n.t('other'), share(characters.other)),
      ],
    },
  ];
}

function temporalGroups({ temporal }: ProfileColumn) {
  if (temporal === undefined) return [];
  return [
    {
      title: l10n.t('Range'),
      figures: [
        say(l10n.t('first'), time(temporal.min), temporal.min),
        say('25 %', time(temporal.quantiles['0.25']), temporal.quantiles['0.25'], 'temporal.quantiles'),
        say(l10n.t('median'), time(temporal.quantiles['0.5']), temporal.quantiles['0.5'], 'temporal.quantiles'),
        say('75 %', time(temporal.quantiles['0.75']), temporal.quantiles['0.75'], 'temporal.quantiles'),
        say(l10n.t('last'), time(temporal.max), temporal.max),
        say(l10n.t('span'), duration(temporal.spanSeconds)),
        ...(temporal.gaps === undefined ? [] : [say(l10n.t('median gap'), duration(temporal.gaps.medianSeconds))]),
        ...(temporal.order === undefined ? [] : [say(l10n.t('order'), orderWord(temporal.order))]),
      ],
    },
  ];
}

function spread(title: string, { min, median, mean, max }: Spread, format: (value: number | null) => string = figure) {
  return {
    title,
    figures: [
      say(l10n.t('smallest'), format(min), full(min)),
      say(l10n.t('median'), format(median), full(median)),
      say(l10n.t('mean'), format(mean), full(mean)),
      say(l10n.t('largest'), format(max), full(max)),
    ],
  };
}

function nestedGroups({ list, embedding }: ProfileColumn) {
  return [
    ...(list === undefined
      ? []
      : [
          spread(l10n.t('Elements per list'), list.lengths),
          {
            title: l10n.t('Elements'),
            figures: [
              say(l10n.t('type'), list.elements.type),
              number(l10n.t('elements'), list.elements.count),
              part(l10n.t('missing'), list.elements.nulls, list.elements.count),
              number(l10n.t('empty lists'), list.empty),
              ...(list.elements.distinct === undefined
                ? []
                : [number(l10n.t('distinct'), list.elements.distinct, 'list.elements.distinct')]),
              ...(list.elements.nans === undefined ? [] : [part('NaN', list.elements.nans, list.elements.count)]),
            ],
          },
          ...(list.elements.spread === undefined ? [] : [spread(l10n.t('Values of elements'), list.elements.spread)]),
        ]),
    ...(embedding === undefined
      ? []
      : [
          spread(l10n.t('Norms'), embedding.norms),
          {
            title: l10n.t('Vectors'),
            figures: [
              number(l10n.t('dimensions'), embedding.dimension),
              number(l10n.t('of other dimensions'), embedding.otherDimensions),
              number(l10n.t('zero vectors'), embedding.zeroVectors),
              number(l10n.t('with NaN or gaps'), embedding.nans),
              say(
                l10n.t('constant dimensions'),
                count(embedding.constantDimensions.count),
                embedding.constantDimensions.first.join(', ') || undefined,
              ),
            ],
          },
        ]),
  ];
}

function mediaGroups({ image, audio }: ProfileColumn) {
  const bytesText = (value: number | null): string => (value === null ? '–' : bytes(value));
  return [
    ...(image === undefined
      ? []
      : [
          spread(l10n.t('Width in pixels'), image.width),
          spread(l10n.t('Height in pixels'), image.height),
          spread(l10n.t('Width over height'), image.aspect),
        ]),
    ...(audio === undefined
      ? []
      : [
          spread(l10n.t('Duration'), audio.durationSeconds, duration),
          {
            title: l10n.t('Sound'),
            figures: [
              say(l10n.t('silence'), audio.silence === null ? '–' : share(audio.silence)),
              say(l10n.t('clipping'), audio.clipping === null ? '–' : share(audio.clipping)),
              number(l10n.t('files decoded'), audio.decoded),
            ],
          },
        ]),
    ...[image, audio].flatMap((media) =>
      media === undefined
        ? []
        : [
            spread(l10n.t('Size of files'), media.bytes, bytesText),
            {
              title: l10n.t('Files'),
              figures: [
                number(l10n.t('not there'), media.missing),
                number(l10n.t('unreadable'), media.unreadable),
                ...(media.sampled === undefined
                  ? []
                  : [
                      say(
                        l10n.t('looked at'),
                        l10n.t('{0} of {1}', count(media.sampled.values), count(media.sampled.of)),
                      ),
                    ]),
              ],
            },
          ],
    ),
  ];
}
