/** Texts that read as numbers, dates or times. */
import { matches } from '../schema';

/** With a point or comma, thousands in groups, an exponent, a percent sign; no leading zeros, as of codes like `007`. */
const number = String.raw`\s*[+-]?((0|[1-9][0-9]*|[1-9][0-9]{0,2}([,.' ][0-9]{3})+)([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?\s*%?\s*`;

const time = String.raw`[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(\s*[AaPp][Mm])?`;
const month = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const day = [
  '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}',
  '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}',
  '[0-9]{1,2}-[0-9]{1,2}-([0-9]{2}|[0-9]{4})',
  '[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})',
  String.raw`[0-9]{1,2}\.[0-9]{1,2}\.([0-9]{2}|[0-9]{4})`,
  String.raw`[0-9]{1,2}[- .]+${month}[- ,.]+([0-9]{2}|[0-9]{4})`,
].join('|');
const date = String.raw`\s*((${day})([T ]+${time}(\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?)?|${time})\s*`;

/** Nothing longer is a number or a date. */
const LONGEST = 40;

/** SQL condition on a text: whether it reads as a number. */
export function readsAsNumber(value: string): string {
  return reads(value, number);
}

/** SQL condition on a text: whether it reads as a date, a time, or both. */
export function readsAsDate(value: string): string {
  return reads(value, date);
}

/** A cheap condition first, so that few texts meet the pattern. A digit, sign, point or blank comes before the colon. */
function reads(value: string, pattern: string): string {
  return `CASE WHEN ${value} < ':' AND strlen(${value}) BETWEEN 1 AND ${LONGEST} THEN ${matches(value, pattern)} ELSE false END`;
}
