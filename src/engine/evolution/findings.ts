/** What a change of the schema since the build before is told as. */
import { inline } from '../../config';
import { MAX_SAMPLES, type ConfigPath, type Finding, type SchemaChange } from '../../protocol';
import { bounded } from '../bounded';

type Evolution = 'warn' | 'error';

/** Changes that are told each by itself, the most breaking of them. */
const MOST_TOLD = 100;

/**
 * One finding for each change, and beyond a hundred one for the others. A breaking one has the severity that the config says, unless it is accepted.
 * @param declared columns of the config, on whose lines findings stand
 */
export function evolutionFindings(
  changes: readonly SchemaChange[],
  {
    dataset,
    evolution,
    accepted,
    declared,
  }: {
    readonly dataset: string;
    readonly evolution: Evolution;
    readonly accepted: boolean;
    readonly declared: ReadonlySet<string>;
  },
): Finding[] {
  const findings = changes.map((change): Finding => {
    const { column, compatibility, why, evidence } = change;
    const isBreaking = compatibility !== 'compatible';
    const severity = !isBreaking ? 'info' : evolution === 'error' && !accepted ? 'error' : 'warning';
    const samples = evidence?.quantiles?.after.slice(0, MAX_SAMPLES).map(String);
    return {
      code: isBreaking ? 'schema-breaking' : 'schema-changed',
      severity,
      message: isBreaking ? `${why} (${compatibility})` : why,
      dataset,
      ...(column !== undefined && { column }),
      ...(change.before !== undefined && change.before !== null && { expected: shown(change.before) }),
      ...(change.after !== undefined && change.after !== null && { actual: shown(change.after) }),
      ...(samples && { samples }),
      ...(isBreaking && { suggestion: suggestionFor(change, severity === 'error') }),
      configPath: ['datasets', dataset, 'schema', ...placeOf(change, declared)],
    };
  });
  return bounded(findings, MOST_TOLD, (rest) => summed(rest, dataset));
}

function summed(rest: readonly Finding[], dataset: string): Finding {
  const breaking = rest.filter(({ code }) => code === 'schema-breaking');
  const [worst] = breaking;
  const changes = `${rest.length.toLocaleString('en')} more changes of the schema`;
  return {
    code: worst ? 'schema-breaking' : 'schema-changed',
    severity: worst?.severity ?? 'info',
    message: worst ? `${changes}, ${breaking.length.toLocaleString('en')} of them breaking.` : `${changes}.`,
    dataset,
    count: rest.length,
    samples: rest.flatMap(({ column }) => column ?? []).slice(0, MAX_SAMPLES),
    suggestion: 'See all of them with `mldata schema diff`.',
    configPath: ['datasets', dataset, 'schema', 'evolution'],
  };
}

const LONGEST = 120;

function shown(value: NonNullable<SchemaChange['before']>): string {
  const text = Array.isArray(value) ? value.map(plain).join(', ') : plain(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The line of the constraint, else of the column, else of the schema's own key. */
function placeOf({ kind, column, key, after }: SchemaChange, declared: ReadonlySet<string>): ConfigPath {
  if (kind === 'primaryKey' || kind === 'foreignKeys') return [kind];
  if (column === undefined || !declared.has(column)) return ['evolution'];
  return ['columns', column, ...(key !== undefined && after !== undefined ? [key] : [])];
}

/** @param stopped whether the build is stopped by it */
function suggestionFor({ kind, before, column = '' }: SchemaChange, stopped: boolean): string {
  const remedy = remedyOf(kind, column, before);
  return stopped
    ? `${remedy}, or accept it: with \`mldata build --publish-failing\` later builds are held against the new schema.`
    : `${remedy}, or tell those who read the dataset.`;
}

function remedyOf(kind: SchemaChange['kind'], column: string, before: SchemaChange['before']): string {
  switch (kind) {
    case 'removed':
      return `Bring ${column} back`;
    case 'renamed':
      return `Give it its name back with the step \`${inline({ rename: { columns: { [column]: before } } }).slice(2, -2)}\``;
    case 'scale':
      return 'Bring the values back to the unit before, such as with the step `derive`';
    case 'retyped':
      return 'Declare the type of before under `schema.columns`, or cast it in a step';
    default:
      return 'Change it back';
  }
}
