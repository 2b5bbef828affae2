/** A profile written by hand that has a column of every kind, and names and values that mean harm. */
import type { Finding, Histogram, Profile, ProfileColumn } from '../../../src/protocol';

export const ROWS = 1000;

const base = (name: string, rest: Partial<ProfileColumn>): ProfileColumn => ({
  name,
  type: 'string',
  physicalType: 'VARCHAR',
  semantic: 'text',
  nulls: 0,
  nullRatio: 0,
  distinct: 10,
  distinctExact: true,
  alerts: [],
  ...rest,
});

/** A bell over so many bins. */
export function bell(bins: number, from: number, to: number, rows = ROWS): Histogram {
  const heights = Array.from({ length: bins }, (_, at) => Math.exp(-(((at + 0.5) / bins - 0.5) ** 2) * 18));
  const sum = heights.reduce((total, each) => total + each, 0);
  return {
    edges: Array.from({ length: bins + 1 }, (_, at) => from + ((to - from) * at) / bins),
    counts: heights.map((each) => Math.round((each / sum) * rows)),
  };
}

export function numericColumn(name: string, rest: Partial<ProfileColumn> = {}): ProfileColumn {
  return base(name, {
    type: 'number',
    physicalType: 'DOUBLE',
    semantic: 'numeric',
    distinct: 800,
    numeric: {
      mean: 29.699_117_647,
      stddev: 14.526_497,
      variance: 211.019_125,
      min: 0.42,
      max: 80,
      sum: 21_205.17,
      zeros: 3,
      negatives: 0,
      nans: 0,
      infinities: 0,
      negativeInfinities: 0,
      skewness: 0.389,
      kurtosis: 0.178,
      quantiles: { '0.01': 1, '0.05': 4, '0.25': 20.125, '0.5': 28, '0.75': 38, '0.95': 56, '0.99': 65.87 },
      iqr: 17.875,
      mad: 9,
      cv: 0.489,
      histogram: bell(16, 0, 80),
      outliers: { lower: -6.7, upper: 64.8, count: 11 },
    },
    ...rest,
  });
}

const alert = (
  code: string,
  severity: Finding['severity'],
  column: string,
  message: string,
  suggestion?: string,
): Finding => ({
  code,
  severity,
  message,
  dataset: 'passengers',
  column,
  ...(suggestion !== undefined && { suggestion }),
  configPath: ['datasets', 'passengers', 'schema', 'columns', column],
});

export const hostileName = '<img src=x onerror=alert(1)>';
export const hostileValue = '</script><script>alert(2)</script>';
export const bidiName = 'safe\u202Etxt.exe\u001b[31m';

export function sampleProfile(): Profile {
  const ageAlert = alert(
    'missing-values',
    'warning',
    'Age',
    '`Age` has no value in 20 % of the rows.',
    'Fill it with `fill_missing`, or allow for it in the model.',
  );
  const cabinAlert = alert(
    'missing-values',
    'error',
    'Cabin',
    '`Cabin` has no value in 77 % of the rows.',
    'Leave it out.',
  );
  const fareAlert = alert(
    'skewed',
    'info',
    'Fare',
    '`Fare` is skewed (4.8): a few values are very large.',
    'Try `log`.',
  );
  const columns: ProfileColumn[] = [
    base('PassengerId', {
      type: 'integer',
      physicalType: 'BIGINT',
      semantic: 'identifier',
      distinct: ROWS,
      role: 'id',
    }),
    base('Survived', {
      type: 'boolean',
      physicalType: 'BOOLEAN',
      semantic: 'boolean',
      role: 'target',
      distinct: 2,
      boolean: { true: 384, false: 616 },
    }),
    numericColumn('Age', { nulls: 200, nullRatio: 0.2, alerts: [ageAlert] }),
    numericColumn('Fare', {
      approximate: ['numeric.quantiles', 'distinct'],
      distinctExact: false,
      alerts: [fareAlert],
      numeric: {
        ...numericColumn('Fare').numeric!,
        skewness: 4.787,
        histogram: { edges: [0, 50, 100, 150, 200, 250, 300, 550], counts: [700, 200, 60, 20, 10, 5, 5] },
        logHistogram: { edges: [4, 8, 16, 32, 64, 128, 256, 550], counts: [200, 300, 240, 130, 80, 40, 10] },
      },
    }),
    base('Sex', {
      semantic: 'categorical',
      distinct: 2,
      categorical: {
        top: [
          { value: 'male', count: 648 },
          { value: 'female', count: 352 },
        ],
        other: 0,
        otherValues: 0,
        imbalance: 0.06,
      },
      mode: { value: 'male', count: 648 },
    }),
    base('Embarked', {
      semantic: 'categorical',
      distinct: 41,
      nulls: 2,
      nullRatio: 0.002,
      categorical: {
        top: [
          { value: 'Southampton', count: 640 },
          { value: 'Cherbourg', count: 170 },
          { value: hostileValue, count: 60 },
          { value: '', count: 30 },
          { value: '\u001b[31mred\u202E', count: 8 },
        ],
        other: 90,
        otherValues: 36,
        imbalance: 0.4,
      },
      mode: { value: 'Southampton', count: 640 },
    }),
    base('Name', {
      distinct: 990,
      text: {
        minLength: 12,
        maxLength: 82,
        meanLength: 26.96,
        medianLength: 25,
        lengthHistogram: bell(12, 12, 84),
        blank: 0,
        empty: 0,
        words: {
          min: 2,
          max: 12,
          mean: 4.1,
          top: [
            { value: 'mr', count: 521 },
            { value: 'miss', count: 182 },
          ],
        },
        characters: { letters: 0.78, digits: 0, spaces: 0.12, punctuation: 0.1, other: 0 },
        nonAscii: 4,
        patterns: [
          { value: 'Aa+, Aa. Aa+', count: 300 },
          { value: 'Aa+, Aaaa. Aa+', count: 120 },
        ],
        otherPatterns: 580,
        surroundingBlanks: 2,
        numbers: 0,
        dates: 0,
        caseVariants: 0,
      },
    }),
    base('Cabin', {
      semantic: 'categorical',
      nulls: 770,
      nullRatio: 0.77,
      distinct: 147,
      alerts: [cabinAlert],
      categorical: {
        top: [
          { value: 'C23', count: 4 },
          { value: 'G6', count: 4 },
        ],
        other: 222,
        otherValues: 145,
        imbalance: 0.01,
      },
    }),
    base('boarded', {
      type: 'datetime',
      physicalType: 'TIMESTAMP',
      semantic: 'datetime',
      distinct: 950,
      temporal: {
        min: '1912-04-01T08:00:00.000Z',
        max: '1912-04-14T23:40:00.000Z',
        spanSeconds: 1_179_600,
        quantiles: {
          '0.25': '1912-04-08T00:00:00.000Z',
          '0.5': '1912-04-10T12:00:00.000Z',
          '0.75': '1912-04-12T00:00:00.000Z',
        },
        histogram: {
          edges: Array.from({ length: 15 }, (_, day) => new Date(Date.UTC(1912, 3, 1 + day)).toISOString()),
          counts: [10, 20, 0, 0, 0, 120, 140, 160, 170, 150, 110, 60, 40, 20],
        },
        gaps: {
          medianSeconds: 60,
          longest: [{ from: '1912-04-02T22:00:00.000Z', to: '1912-04-06T01:00:00.000Z', seconds: 270_000 }],
        },
        weekdays: [100, 120, 130, 200, 210, 140, 100],
        hours: Array.from({ length: 24 }, (_, hour) => Math.round(40 + 40 * Math.sin(hour / 4))),
      },
    }),
    base('tags', {
      type: 'array',
      physicalType: 'VARCHAR[]',
      semantic: 'list',
      list: {
        lengths: { min: 0, max: 9, mean: 3.2, median: 3 },
        lengthHistogram: { edges: [0, 1, 2, 3, 4, 5, 6], counts: [80, 150, 260, 240, 170, 100] },
        empty: 80,
        elements: {
          type: 'VARCHAR',
          count: 3200,
          nulls: 12,
          distinct: 40,
          top: [
            { value: 'blue', count: 800 },
            { value: 'red', count: 700 },
          ],
        },
      },
    }),
    base('vector', {
      type: 'array',
      physicalType: 'FLOAT[384]',
      semantic: 'embedding',
      embedding: {
        dimension: 384,
        otherDimensions: 0,
        norms: { min: 0.98, max: 1.02, mean: 1, median: 1 },
        normHistogram: bell(10, 0.98, 1.02),
        nans: 0,
        zeroVectors: 0,
        constantDimensions: { count: 2, first: [17, 250] },
      },
    }),
    base('address', {
      type: 'object',
      physicalType: 'STRUCT(city VARCHAR, zip VARCHAR)',
      semantic: 'struct',
      struct: {
        fields: [
          { name: 'city', type: 'VARCHAR', nulls: 4 },
          { name: 'zip', type: 'VARCHAR', nulls: 10 },
        ],
      },
    }),
    base('photo', {
      type: 'image',
      semantic: 'image',
      image: {
        sampled: { values: 200, of: ROWS, seed: 1 },
        missing: 1,
        unreadable: 2,
        formats: [
          { value: 'jpeg', count: 180 },
          { value: 'png', count: 17 },
        ],
        bytes: { min: 2048, max: 4_194_304, mean: 300_000, median: 250_000 },
        width: { min: 64, max: 4000, mean: 1024, median: 800 },
        height: { min: 64, max: 3000, mean: 768, median: 600 },
        aspect: { min: 0.5, max: 2, mean: 1.33, median: 1.33 },
        modes: [
          { value: 'srgb', count: 190 },
          { value: 'b-w', count: 7 },
        ],
      },
    }),
    base('voice', {
      type: 'audio',
      semantic: 'audio',
      audio: {
        missing: 0,
        unreadable: 1,
        formats: [
          { value: 'wav', count: 900 },
          { value: 'mp3', count: 99 },
        ],
        bytes: { min: 2048, max: 4_194_304, mean: 300_000, median: 250_000 },
        durationSeconds: { min: 0.3, max: 12, mean: 2.5, median: 2.2 },
        sampleRates: [
          { value: '16000', count: 950 },
          { value: '44100', count: 49 },
        ],
        channels: [{ value: '1', count: 999 }],
        silence: 0.04,
        clipping: 0.0001,
        decoded: 999,
      },
    }),
    base('nothing', { type: 'any', semantic: 'empty', nulls: ROWS, nullRatio: 1, distinct: 0 }),
    numericColumn(hostileName),
    base(bidiName, { semantic: 'identifier', distinct: ROWS }),
    base('x'.repeat(10_000), { semantic: 'identifier', distinct: ROWS }),
  ];
  return {
    kind: 'mldata/profile',
    version: 1,
    generatedAt: '2026-01-02T03:04:05.000Z',
    tool: { name: 'mldata', version: '0.1.0' },
    dataset: 'passengers',
    of: 'build',
    files: [
      { path: 'datasets/passengers/data/train.parquet', bytes: 1_234_567 },
      { path: 'datasets/passengers/data/test.parquet', bytes: 234_567 },
    ],
    builtAt: '2026-01-02T03:00:00.000Z',
    rows: ROWS,
    fast: false,
    columns,
    correlations: [
      {
        method: 'pearson',
        pairs: [
          { a: 'Age', b: 'Fare', value: 0.72 },
          { a: 'Fare', b: hostileName, value: -0.55 },
          { a: 'Age', b: hostileName, value: -0.09 },
        ],
        omittedColumns: 0,
      },
      {
        method: 'cramersV',
        pairs: [
          { a: 'Sex', b: 'Survived', value: 0.54 },
          { a: 'Embarked', b: 'Survived', value: 0.16 },
          { a: 'Sex', b: 'Embarked', value: 0.11 },
        ],
        omittedColumns: 3,
      },
    ],
    missing: {
      cells: 1972,
      cellRatio: 0.1096,
      completeRows: 180,
      patterns: [
        { columns: ['Cabin', 'nothing'], rows: 600 },
        { columns: ['Age', 'Cabin', 'nothing'], rows: 158 },
        { columns: ['Age', 'nothing'], rows: 42 },
      ],
      otherPatterns: 2,
      otherRows: 20,
    },
    duplicates: { groups: 4, surplusRows: 7 },
    target: {
      column: 'Survived',
      kind: 'classes',
      classes: [
        { value: 'false', count: 616 },
        { value: 'true', count: 384 },
      ],
      imbalanceRatio: 1.6,
      associations: [
        { column: 'Sex', method: 'cramersV', value: 0.54 },
        { column: 'Fare', method: 'correlationRatio', value: 0.26 },
        { column: 'Age', method: 'correlationRatio', value: 0.08 },
      ],
      perClass: [
        {
          column: 'Sex',
          values: ['male', 'female'],
          classes: [
            { value: 'false', counts: [468, 81, 0] },
            { value: 'true', counts: [109, 233, 0] },
          ],
        },
        {
          column: 'Age',
          edges: bell(16, 0, 80).edges,
          classes: [
            { value: 'false', counts: bell(16, 0, 80, 400).counts, mean: 30.6 },
            { value: 'true', counts: [...bell(16, 0, 80, 300).counts].reverse(), mean: 28.3 },
          ],
        },
      ],
    },
    splits: [
      { name: 'train', rows: 800, columns: columns.map((column) => ({ ...column, alerts: [] })) },
      { name: 'test', rows: 200, columns: columns.map((column) => ({ ...column, alerts: [] })) },
    ],
    head: [
      columns.map((_, at) => (at === 0 ? '1' : at === 2 ? null : at === 6 ? hostileValue : at === 7 ? '' : 'value')),
      columns.map((_, at) => (at === 2 ? 'NaN' : `row 2, ${at}`)),
    ],
    alerts: [cabinAlert, ageAlert, fareAlert],
    durationMs: 1234,
  };
}

/** As many columns as are asked for. */
export function wideProfile(columns: number): Profile {
  const profile = sampleProfile();
  const { splits: _, target: __, ...rest } = profile;
  return {
    ...rest,
    dataset: 'wide',
    columns: Array.from({ length: columns }, (_, at) => numericColumn(`feature ${at}`)),
    correlations: [],
    head: [],
    alerts: [],
  };
}
