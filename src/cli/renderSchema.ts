/** Schemas and how they change, for people. */
import type {
  SchemaChange,
  SchemaColumn,
  SchemaDiff,
  SchemaDocument,
  SchemaExport,
  SchemaHistory,
  SchemaLoss,
  SchemaSide,
} from '../protocol';
import type { Console } from './console';
import { bytes, count } from './numbers';
import { shortened, tableLines } from './table';

const LONGEST = 60;

export function renderSchema(schema: SchemaDocument, output: Console): void {
  const { columns, primaryKey, foreignKeys = [] } = schema;
  output.line(sideText(schema));
  const rows = columns.map((column) => [
    column.name,
    column.type,
    column.physicalType ?? '',
    missingText(column),
    constraintText(column),
  ]);
  const short = rows.map((row) => row.map((cell) => shortened(cell, LONGEST)));
  for (const line of tableLines([['column', 'type', 'stored as', 'missing', 'constraints'], ...short]))
    output.line(`  ${line}`);
  if (primaryKey.length > 0) output.line(`  primary key  ${primaryKey.join(', ')}`);
  for (const { fields, reference } of foreignKeys)
    output.line(
      `  foreign key  ${fields.join(', ')} in ${reference.resource ?? 'this dataset'}: ${reference.fields.join(', ')}`,
    );
}

function sideText({ reference, dataset, of, versionId, rows }: SchemaSide): string {
  const id = versionId === undefined ? '' : `@${versionId}`;
  const from = {
    build: 'as built',
    source: 'as its sources are now',
    files: 'as it lies there',
    declaration: 'as declared',
  };
  const size = rows === undefined ? '' : `, ${count(rows, 'row')}`;
  return `${reference}: ${versionId === undefined ? '' : `${dataset}${id}, `}${from[of]}${size}`;
}

function missingText({ nullable, nullableFrom }: SchemaColumn): string {
  if (nullable === undefined) return '';
  const how = nullable ? 'may be' : 'never';
  return nullableFrom === 'declared' ? how : nullable ? 'some are' : 'none is';
}

/** What a person looks for first; the type and what is said of missing values stand beside it. */
function constraintText(column: SchemaColumn): string {
  const {
    name: _name,
    type: _type,
    physicalType: _physical,
    nullable: _nullable,
    nullableFrom: _from,
    ...rest
  } = column;
  const { title: _title, description: _description, required: _required, ...constraints } = rest;
  return Object.entries(constraints)
    .map(([key, value]) => (value === true ? key : `${key} ${Array.isArray(value) ? value.join(', ') : String(value)}`))
    .join('; ');
}

/** Signs of changes, so that they are told without colour. */
const signs: Partial<Record<SchemaChange['kind'], string>> = { added: '+', removed: '-', renamed: '~', scale: '~' };

export function renderSchemaDiff(diff: SchemaDiff, output: Console): void {
  const { before, after, changes, compatibility, values } = diff;
  output.line(`before  ${sideText(before)}`);
  output.line(`after   ${sideText(after)}`);
  if (changes.length === 0) output.line('The schemas are the same.');
  else output.line(`${count(changes.length, 'change')}, together ${compatibility}:`);
  for (const line of changes.flatMap(changeLines)) output.line(line);
  if (values !== 'compared') output.note(values);
}

function changeLines(change: SchemaChange): string[] {
  const { kind, column, compatibility, why, suspected } = change;
  const what = [signs[kind] ?? ' ', suspected ? `${kind}?` : kind, column ?? '', detailOf(change)];
  return [`  ${what.filter((part) => part !== '').join(' ')}  (${compatibility})`, `      ${why}`];
}

function detailOf({ kind, before, after, key }: SchemaChange): string {
  if (kind === 'order' || kind === 'added' || kind === 'removed') return '';
  const text = (value: SchemaChange['before']) =>
    value === undefined ? 'none' : shortened(typeof value === 'string' ? value : JSON.stringify(value), LONGEST);
  return `${key === undefined || key === kind ? '' : `${key} `}${text(before)} → ${text(after)}`;
}

export function renderHistory({ dataset, versions }: SchemaHistory, output: Console): void {
  output.line(dataset);
  for (const { id, createdAt, current, tags, columns, compatibility, since, changes } of versions) {
    const names = [...(current ? ['current'] : []), ...tags].join(', ');
    const size = columns === undefined ? 'its manifest is not on this machine' : count(columns, 'column');
    const verdict =
      since === undefined
        ? ''
        : changes.length === 0
          ? `, no change since ${since.slice(0, 8)}`
          : `, ${count(changes.length, 'change')} since ${since.slice(0, 8)}: ${compatibility ?? ''}`;
    const when = new Date(createdAt).toLocaleString();
    output.line(`${id.slice(0, 8)}  ${when}${names === '' ? '' : `  ${names}`}  ${size}${verdict}`);
    for (const line of changes.flatMap(changeLines)) output.line(`  ${line}`);
  }
}

export function renderExport({ file, losses }: SchemaExport, output: Console): void {
  if (file) output.note(`Wrote ${file.path}, ${bytes(file.bytes)}.`);
  renderLosses(losses, output);
}

/** What has no place in the other form, by what becomes of it. */
export function renderLosses(losses: readonly SchemaLoss[], output: Console): void {
  const gone = losses.filter(({ how }) => how === 'lost');
  if (gone.length > 0) output.line(`${count(gone.length, 'thing')} could not be kept:`);
  for (const { message } of gone) output.line(`  ${message}`);
  const carried = losses.filter(({ how }) => how === 'carried');
  if (carried.length > 0)
    output.note(
      `${count(carried.length, 'thing')} other tools do not heed, and come back with \`mldata schema import\`:`,
    );
  for (const { column, key } of carried) output.note(`  ${key}${column === undefined ? '' : ` of ${column}`}`);
}

export function renderWritten(
  { config, dataset, changed }: NonNullable<SchemaDocument['written']>,
  output: Console,
): void {
  output.note(
    changed ? `Wrote the schema of ${dataset} into ${config}.` : `${config} says so already; nothing was changed.`,
  );
}
