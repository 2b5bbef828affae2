/** Steps that turn texts into the numbers and times they read as, as they are written in a config. */
import { identifier } from '../duckdb';
import type { TextReading } from '../../protocol';
import { inYaml, step, valuesOf } from '../words';

/** @param values how many are not missing */
export function asNumbers(name: string, reading: TextReading | undefined, values: number): string {
  const cast = castTo(name, 'number');
  if (reading?.type !== 'number')
    return `They are written in several ways: bring them into one, such as \`1234.5\`, with \`replace\` steps, and then ${cast}.`;
  const others = becomeMissing(reading, values);
  if (!reading.replacing) {
    const missing = reading.values < values ? 'Say what stands for a missing value in `nullValues`, or t' : 'T';
    return `${missing}urn it into numbers with ${cast}${others}.`;
  }
  const steps = reading.replacing.map((each) => replaced(name, each.text, each.with));
  // Which of the two is not to be seen, so that both are said.
  const comma = reading.ambiguous
    ? ` Whether a comma stands before decimals or between thousands cannot be told from them: with \`with: ""\` in place of \`with: "."\` it is the latter.`
    : '';
  return `A cast alone cannot read them: turn it into numbers with ${steps.join(', ')} and then ${cast}${others}.${comma}`;
}

/** @param values how many are not missing */
export function asTimes(name: string, reading: TextReading | undefined, values: number): string {
  if (reading === undefined || reading.type === 'number')
    return 'A cast cannot read how they are written: turn it into times with `derive` and `try_strptime`, which is told their format.';
  const { type, formats, zoned, ambiguous } = reading;
  const others = becomeMissing(reading, values);
  if (zoned) return `Declare \`type: datetime\` in the schema, which reads times with a zone${others}.`;
  if (!formats) return `Turn it into times with ${castTo(name, type)}${others}.`;
  const list = `[${formats.map((format) => `'${format}'`).join(', ')}]`;
  const expression = inExpression(name, (column) => {
    const read = `try_strptime(${column}, ${list})`;
    return type === 'date' ? `CAST(${read} AS DATE)` : read;
  });
  const order = ambiguous
    ? ' Whether the day or the month comes first cannot be told from them: change the places of `%d` and `%m` if this is the wrong one.'
    : '';
  return `A cast cannot read them: turn it into times with \`derive: { column: ${inYaml(name)}, expression: ${expression} }\`${others}.${order}`;
}

/** SQL of a column as it is written in YAML. */
export function inExpression(name: string, sql: (column: string) => string): string {
  const column = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : identifier(name);
  const expression = sql(column);
  return /^[A-Za-z_][\w() ]*$/.test(expression) ? expression : JSON.stringify(expression);
}

function castTo(name: string, type: TextReading['type']): string {
  return `\`cast: { columns: { ${inYaml(name)}: ${type} }, onError: null }\``;
}

function replaced(name: string, text: string, by: string): string {
  return step('replace', name, `, text: ${JSON.stringify(text)}, with: ${JSON.stringify(by)}`);
}

/** What is said of values that the steps do not read. */
function becomeMissing(reading: TextReading, values: number): string {
  const others = values - reading.values;
  return others > 0
    ? `; ${valuesOf(others)} that ${others === 1 ? 'is' : 'are'} none ${others === 1 ? 'becomes' : 'become'} missing`
    : '';
}
