/** How old the newest row is. What it says depends on when it is asked: a build is up to date only until its rows are too old. */
import type { FreshnessParameters } from '../../config';
import type { Check } from './check';
import { atMost, exceeded, worst } from './severity';

const HOUR = 3600;
/** The mean one of the Gregorian calendar. */
const YEAR = 365.2425 * 24 * HOUR;
/** Milliseconds from 1970 to the last time that a Date holds. */
const LAST = 8.64e15;

export const freshness: Check<FreshnessParameters> = {
  name: 'freshness',
  run: async ({ columns, aggregate, bind }, { column: name, threshold, where }) => {
    const column =
      name === undefined
        ? columns.find(({ spec }) => spec.role === 'time')
        : columns.find((each) => each.name === name);
    if (!column)
      return { skipped: name === undefined ? 'No column has the role `time`.' : `There is no column ${name}.` };
    if (!/^(DATE|TIMESTAMP)/.test(column.physicalType))
      return { skipped: `${column.name} holds no dates or times: it is of the type ${column.physicalType}.` };
    const filter = where === undefined ? '' : ` FILTER (WHERE ${await bind(where, ['where'], 'BOOLEAN')})`;
    // A value that stands for any time there is, such as infinity, is not the newest.
    const newest = await aggregate(`epoch(max(CASE WHEN isfinite(${column.id}) THEN ${column.id} END)${filter})`);
    if (newest === null) {
      const severity = worst(threshold);
      if (!severity) return { skipped: `${column.name} has no value.` };
      const which = where === undefined ? 'No row' : 'No row that meets the condition';
      return {
        findings: [
          {
            code: 'stale-data',
            severity,
            message: `${which} has a value of ${column.name}, so that nothing says how old the data is.`,
            column: column.name,
            suggestion: 'See whether the column is read as it should be, or name another one.',
            configPath: ['checks', 'freshness'],
          },
        ],
      };
    }
    const seconds = Number(newest);
    const age = Date.now() / 1000 - seconds;
    const at = timeText(seconds);
    const place = { column: column.name, configPath: ['checks', 'freshness'], samples: [at] };
    // What is not exceeded yet will be, which changes what there is to say.
    const { warn = Infinity, error = Infinity } = threshold;
    const due = (seconds + Math.min(...[warn, error].filter((limit) => limit >= age))) * 1000;
    const until = due <= LAST ? { until: new Date(due).toISOString() } : {};
    const stale = exceeded(threshold, age);
    if (stale)
      return {
        ...until,
        findings: [
          {
            ...place,
            code: 'stale-data',
            severity: stale.severity,
            ...atMost(stale.limit, age, ageText),
            message: `The newest value of ${column.name} is ${at}, ${ageText(age)} ago; it may be ${ageText(stale.limit)} old.`,
            suggestion: 'Fetch newer data, or allow a greater age.',
          },
        ],
      };
    // Zones that are not said make up for as much.
    if (age >= -24 * HOUR) return { findings: [], ...until };
    return {
      ...until,
      findings: [
        {
          ...place,
          code: 'future-data',
          severity: 'warning',
          message: `The newest value of ${column.name}, ${at}, lies in the future.`,
          suggestion: 'See whether it is a slip, or a date that stands for none, such as 9999-12-31.',
        },
      ],
    };
  },
};

/** ISO 8601 as far as it goes; beyond that the year is enough. */
function timeText(seconds: number): string {
  if (Math.abs(seconds * 1000) > LAST) return `the year ${1970 + Math.floor(seconds / YEAR)}`;
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function ageText(seconds: number): string {
  const units = [
    [24 * HOUR, 'day'],
    [HOUR, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, unit] = units.find(([each]) => seconds >= each) ?? [1, 'second'];
  const amount = Number((seconds / size).toPrecision(3));
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
