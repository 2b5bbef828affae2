/** The files that values name: whether they are there, whole, and as the rules say. */
import { literal } from '../../duckdb';
import { checkFiles, mediaFinder, type MediaFile, type MediaVerdict } from '../../media';
import { percent } from '../../words';
import { MAX_SAMPLES } from '../../../protocol';
import type { FilesParameters } from '../../../config';
import { eachOf } from '../../eachOf';
import type { Check, CheckContext, CheckedColumn, CheckFinding } from '../check';
import { narrowed, nothingToLookAt } from '../narrowed';
import { atMost, exceeded } from '../severity';
import { copiesOf } from './copies';
import { problemWords, type FileProblem, type FileProblemCode } from './problems';
import { quarantine } from './quarantine';
import { againstRules } from './rules';

/** A file that rows of a column name. */
interface NamedFile {
  readonly name: string;
  /** The first row that names it. */
  readonly row: bigint;
}

interface CheckedFile extends NamedFile {
  /** Absolute; absent where it is not there. */
  readonly path?: string;
  readonly bytes?: number;
  readonly verdict?: MediaVerdict;
  readonly problems: readonly FileProblem[];
}

export const files: Check<FilesParameters> = {
  name: 'files',
  run: async (context, parameters) => {
    const columns = columnsOf(context, parameters);
    if (columns.length === 0) return { skipped: 'No column is of type image or audio, and none is named.' };
    const { relation, rows } = await narrowed(context, parameters.where);
    if (rows === 0) return nothingToLookAt(context);
    const findings: CheckFinding[] = [];
    const broken: CheckedFile[] = [];
    for (const [index, column] of columns.entries()) {
      const named = await filesOf(context, relation, column, parameters);
      const checked = await look(context, column, named.files, parameters, (share, detail) => {
        context.onProgress((index + share) / columns.length, detail);
      });
      findings.push(...(await findingsOf(context, column, checked, named.of, parameters)));
      broken.push(...checked.filter(isBroken));
    }
    // Once all columns were looked at: several may name a file.
    const refused = context.quarantine === undefined ? undefined : await quarantine(broken, context.quarantine);
    return { findings: refused === undefined ? findings : [...findings, refused] };
  },
};

function columnsOf({ columns }: CheckContext, { columns: names }: FilesParameters): readonly CheckedColumn[] {
  return names.length > 0
    ? columns.filter(({ name }) => names.includes(name))
    : columns.filter(({ spec }) => spec.type === 'image' || spec.type === 'audio');
}

/** The files of a column by their names, or those of them that come first by a hash with the seed. */
async function filesOf(
  { database }: CheckContext,
  relation: string,
  { id }: CheckedColumn,
  { sample, seed }: FilesParameters,
): Promise<{ readonly files: readonly NamedFile[]; readonly of: number }> {
  const names =
    `SELECT CAST(${id} AS VARCHAR) AS name, min(__row) AS row FROM ${relation} ` +
    `WHERE ${id} IS NOT NULL AND CAST(${id} AS VARCHAR) <> '' GROUP BY 1`;
  const of = Number((await database.row(`SELECT count(*) AS of FROM (${names})`))['of']);
  const limit =
    sample === undefined
      ? ''
      : ` ORDER BY md5_number(concat(${literal(`${seed}|`)}, name)), name LIMIT ${Math.ceil(sample * of)}`;
  const rows = await database.rows(`SELECT * FROM (SELECT * FROM (${names})${limit}) ORDER BY row, name`);
  return { of, files: rows.map(({ name, row }) => ({ name: String(name), row: row as bigint })) };
}

async function look(
  { mediaFolders, signal }: CheckContext,
  { spec }: CheckedColumn,
  named: readonly NamedFile[],
  parameters: FilesParameters,
  onProgress: (share: number, detail: string) => void,
): Promise<CheckedFile[]> {
  const find = mediaFinder(mediaFolders);
  const places = await eachOf(named, ({ name }) => find(name));
  const found = named.flatMap((file, index) => {
    const place = places[index];
    return place?.state === 'found' ? [{ ...file, path: place.path, bytes: place.bytes }] : [];
  });
  const kind = spec.type === 'image' || spec.type === 'audio' ? spec.type : undefined;
  let done = 0;
  const verdicts = await checkFiles(
    found.map(({ path }) => ({ path, ...(kind && { kind }) })),
    {
      timeoutMs: parameters.timeout * 1000,
      signal,
      onChecked: (_verdict, index) => onProgress(++done / found.length, found[index]?.name ?? ''),
    },
  );
  const copies = await copiesOf(found, signal);
  const names = new Map(found.map(({ path, name }) => [path, name]));
  const checked = new Map(
    found.map((file, index): [string, CheckedFile] => {
      const verdict = verdicts[index];
      const original = names.get(copies.get(file.path) ?? '');
      const problems = [
        ...(verdict?.problems ?? []),
        ...(verdict ? againstRules(verdict, parameters) : []),
        ...(original === undefined ? [] : [copyOf(original)]),
      ];
      return [file.name, { ...file, ...(verdict && { verdict }), problems }];
    }),
  );
  return named.map((file, index) => checked.get(file.name) ?? { ...file, ...absence(places[index]) });
}

function copyOf(original: string): FileProblem {
  return { code: 'file-duplicate', severity: 'warning', message: `It holds the same as ${original}.` };
}

function absence(place: MediaFile | undefined): Pick<CheckedFile, 'path' | 'problems'> {
  if (place?.state !== 'unreadable')
    return { problems: [{ code: 'file-missing', severity: 'error', message: 'There is no such file.' }] };
  const { why, path } = place;
  return { ...(path !== undefined && { path }), problems: [{ code: why, severity: 'error', message: problemOf[why] }] };
}

const problemOf: Readonly<Record<Extract<MediaFile, { state: 'unreadable' }>['why'], string>> = {
  'file-empty': 'The file has no bytes.',
  'file-outside': 'The path leads outside of the git root.',
  'file-unreadable': 'It cannot be read, or is no file.',
};

/** Missing, not whole, or against a rule. */
function isBad({ problems }: CheckedFile): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** There, and not whole; what a rule forbids is as it should be for somebody else. */
function isBroken({ path, verdict, problems }: CheckedFile): boolean {
  if (path === undefined) return false;
  return (verdict?.problems ?? problems).some(({ severity }) => severity === 'error');
}

const warned = { severity: 'warning', limit: 0 } as const;

/** One finding for each kind of problem. */
async function findingsOf(
  context: CheckContext,
  { name }: CheckedColumn,
  checked: readonly CheckedFile[],
  of: number,
  { threshold, duplicates }: FilesParameters,
): Promise<CheckFinding[]> {
  const badShare = checked.filter(isBad).length / checked.length;
  const bad = exceeded(threshold, badShare);
  const findings: CheckFinding[] = [];
  for (const code of Object.keys(problemWords) as FileProblemCode[]) {
    const having = checked.flatMap((file) => {
      const problem = file.problems.find((each) => each.code === code);
      return problem ? [{ ...file, problem }] : [];
    });
    const [first] = having;
    if (!first) continue;
    const share = having.length / checked.length;
    const isError = code !== 'file-duplicate' && first.problem.severity === 'error';
    const worse = isError ? bad : code === 'file-duplicate' ? exceeded(duplicates, share) : warned;
    if (!worse) continue;
    const { are, suggestion } = problemWords[code];
    const shown = having.slice(0, MAX_SAMPLES);
    const samples = shown.map(
      ({ name: file, problem: { message, byte } }) =>
        `${file}: ${message}${byte === undefined ? '' : ` (byte ${byte})`}`,
    );
    findings.push({
      code,
      severity: worse.severity,
      ...(isError && atMost(worse.limit, badShare, percent)),
      column: name,
      count: having.length,
      message: `${having.length} of ${checked.length} files${checked.length < of ? ` (a sample of ${of})` : ''} of ${name} ${having.length === 1 ? 'is' : 'are'} ${are}, ${percent(share)}.`,
      suggestion,
      samples,
      locations: await context.locate(
        shown.map(({ row }) => row),
        samples,
      ),
    });
  }
  const unseen = checked.filter(({ verdict, problems }) => verdict?.decoded === false && problems.length === 0);
  if (unseen.length > 0) {
    const formats = [...new Set(unseen.map(({ verdict }) => verdict?.format ?? ''))].sort().join(', ');
    findings.push({
      code: 'file-not-decoded',
      severity: 'info',
      column: name,
      count: unseen.length,
      message: `${unseen.length} of ${checked.length} files of ${name} (${formats}) were walked through and not decoded.`,
    });
  }
  return findings;
}
