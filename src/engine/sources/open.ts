/** Opens one file: finds out what it is and says how SQL reads it. */
import { open as openFile, symlink } from 'node:fs/promises';
import { sep } from 'node:path';
import { firstLine, identifier, pathLiteral, type Database } from '../duckdb';
import { detectCompression, detectEncoding, detectFormat, normalizeText, readLfsPointer } from '../text';
import { sizeOf } from '../words';
import { MldataError, type Finding, type ReadOptions, type SourceFormat } from '../../protocol';
import { openDelimited } from './delimited';
import { openJson } from './json';
import type { ArrowCopy } from '../arrow';
import type { SourceFile } from './local';
import { named, refuseTwins, scratchPath, unreadable, type OpenContext, type OpenSource } from './source';

/** How much of a file is looked at to find out what it is. */
const HEAD_BYTES = 1 << 20;

/** Throws `source-empty`, `format-unknown`, `source-unreadable` and what the format's own reader throws. */
export async function openSource(file: SourceFile, context: OpenContext): Promise<OpenSource> {
  const opened = await openAs(file, context).catch((error: unknown) => {
    throw named(file, error);
  });
  const fatal = opened.findings.filter(({ severity }) => severity === 'error');
  if (fatal.length > 0) {
    const [first] = fatal;
    const said = fatal.map(({ message }) => message).join(' ');
    throw new MldataError('buildFailed', first?.code ?? 'source-unreadable', `${file.name}: ${said}`, opened.findings);
  }
  refuseTwins(
    opened.columns.map(({ name }) => name),
    file,
    context.dataset,
  );
  return { ...opened, findings: opened.findings.map((finding) => ({ ...finding, dataset: context.dataset })) };
}

async function openAs(file: SourceFile, context: OpenContext): Promise<OpenSource> {
  const head = await readHead(file);
  if (head.length === 0) {
    throw unreadable(file, 'source-empty', 'The file is empty.', 'Remove it from the source or fill it.');
  }
  refusePointer(file, head);
  const compression = detectCompression(file.name, head);
  const findings: Finding[] = [...(file.findings ?? []), ...(compression.finding ? [compression.finding] : [])];
  let path = await plainPath(file.path, context);
  let content = head;
  if (compression.codec !== 'none') {
    path = scratchPath(context.scratch);
    await normalizeText(file.path, path, { codec: compression.codec }, context.signal);
    content = await readHead({ ...file, path });
  }
  const detected = detectFormat(file.name, content);
  const format = file.format ?? detected.format;
  if (detected.finding && !file.format) findings.push(detected.finding);
  if (format) findings.push(...ignoredOptions(file, format));
  switch (format) {
    case 'csv':
    case 'tsv':
    case 'jsonl':
    case 'json': {
      const text = await asUtf8(file, path, content, context);
      const input = {
        file,
        format,
        path: text.path,
        head: text.head,
        encoding: text.encoding,
      };
      const opened = await (format === 'csv' || format === 'tsv'
        ? openDelimited(input, context)
        : openJson(input, context));
      return { ...opened, findings: [...findings, ...opened.findings] };
    }
    case 'parquet': {
      const opened = await openParquet(file, [path], context);
      return { ...opened, findings: [...findings, ...opened.findings] };
    }
    case 'arrow': {
      const output = scratchPath(context.scratch, '.parquet');
      // Loaded when needed: it brings WebAssembly that most builds do without.
      const { arrowToParquet } = await import('../arrow');
      const { fields, files } = await arrowToParquet(file.path, output, { signal: context.signal });
      findings.push(...otherForms(file, fields));
      const opened = await openParquet(file, files, context);
      return { ...opened, format, findings: [...findings, ...opened.findings] };
    }
    default:
      throw unreadable(
        file,
        'format-unknown',
        'Neither the extension nor the content tells the format.',
        'Say it with `source: { path: …, format: csv }`; csv, tsv, json, jsonl, parquet and arrow are known.',
      );
  }
}

/** Read as data it would be a table with one column, or damaged. */
function refusePointer(file: SourceFile, head: Buffer): void {
  const pointer = readLfsPointer(head);
  if (pointer === undefined) return;
  const name = file.name.replace(/^(\.\.\/)+/, '').replace(/[\\*?[\],"$`!]/g, '?');
  throw unreadable(
    file,
    'source-lfs-pointer',
    `It is a Git LFS pointer; the ${sizeOf(pointer.bytes)} that it stands for were not fetched.`,
    `Fetch them with \`git lfs pull --include="**/${name}"\`, or all with \`git lfs pull\`.`,
  );
}

/**
 * A path that the engine takes literally. To its patterns a backslash is a separator, so that a name with one beside
 * signs of a pattern cannot be written as one; such a file is read through a link.
 */
async function plainPath(path: string, { scratch }: OpenContext): Promise<string> {
  if (sep === '\\' || !path.includes('\\') || !/[[\]*?]/.test(path)) return path;
  const link = scratchPath(scratch);
  await symlink(path, link);
  return link;
}

const meaningful: Readonly<Record<SourceFormat, readonly (keyof ReadOptions)[] | 'all'>> = {
  csv: 'all',
  tsv: 'all',
  json: ['encoding'],
  jsonl: ['encoding'],
  parquet: [],
  arrow: [],
};

function ignoredOptions({ name, options }: SourceFile, format: SourceFormat): Finding[] {
  const known = meaningful[format];
  const ignored = (Object.keys(options) as (keyof ReadOptions)[]).filter(
    (option) => known !== 'all' && !known.includes(option),
  );
  if (ignored.length === 0) return [];
  return [
    {
      code: 'option-ignored',
      severity: 'warning',
      message: `${ignored.map((option) => `\`${option}\``).join(', ')} ${ignored.length === 1 ? 'means' : 'mean'} nothing in ${format} and ${ignored.length === 1 ? 'was' : 'were'} not used.`,
      locations: [{ file: name }],
      suggestion: 'Remove it, or name the files it is meant for in an entry of their own.',
    },
  ];
}

/** What Parquet, through which Arrow files are read, does not know. */
function otherForms({ name }: SourceFile, fields: ArrowCopy['fields']): Finding[] {
  const changed = fields.filter(({ type }) => /\b(duration|date64)\[|\bextension</.test(type));
  if (changed.length === 0) return [];
  return [
    {
      code: 'arrow-form',
      severity: 'info',
      message:
        `Parquet does not know the types of ${changed.map((field) => `${field.name} (${field.type})`).join(', ')}. ` +
        'Durations are stored as whole numbers of their unit, date64 as dates, extension types as the type beneath.',
      count: changed.length,
      locations: [{ file: name }],
      suggestion: 'Cast them in the file if another form suits better.',
    },
  ];
}

/** Text in another encoding is copied as UTF-8 for the reader. */
async function asUtf8(file: SourceFile, path: string, head: Buffer, context: OpenContext) {
  const encoding = file.options.encoding ?? detectEncoding(head, head.length < HEAD_BYTES);
  if (encoding === 'utf-8') return { path, head, encoding };
  const output = scratchPath(context.scratch);
  await normalizeText(path, output, { codec: 'none', encoding }, context.signal);
  return { path: output, head: await readHead({ ...file, path: output }), encoding };
}

async function openParquet(file: SourceFile, paths: readonly string[], { database }: OpenContext): Promise<OpenSource> {
  // A folder `k=v` is no column.
  const relation = `read_parquet([${paths.map(pathLiteral).join(', ')}], hive_partitioning = false)`;
  try {
    const columns = await database.describe(`SELECT * FROM ${relation}`);
    return {
      file,
      format: 'parquet',
      relation,
      glance: relation,
      columns: columns.map(({ name, type }) => ({ name, type, expression: identifier(name) })),
      parquet: paths,
      findings: await renamedColumns(file, paths, columns, database),
    };
  } catch (error) {
    throw unreadable(
      file,
      'source-unreadable',
      `It cannot be read as Parquet: ${firstLine(error)}`,
      'Write the file again; it may be cut short.',
      error,
    );
  }
}

/** Names that differ in letter case only are one to the engine, which reads the second one as `a_1`. */
async function renamedColumns(
  { name: file }: SourceFile,
  [path = '']: readonly string[],
  columns: readonly { readonly name: string }[],
  database: Database,
): Promise<Finding[]> {
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  const isLikely = columns.some(({ name }) => known.has(name.toLowerCase().replace(/_\d+$/, '')) && /_\d+$/.test(name));
  if (!isLikely) return [];
  // The root, then every column before those inside it.
  const [, ...elements] = await database.rows(
    `SELECT name, coalesce(num_children, 0) AS inside FROM parquet_schema(${pathLiteral(path)})`,
  );
  const written: string[] = [];
  let inside = 0;
  for (const element of elements) {
    if (inside === 0) written.push(String(element['name']));
    inside = Math.max(0, inside - 1) + Number(element['inside']);
  }
  return columns.flatMap(({ name }, index): Finding[] => {
    const original = written[index];
    if (original === undefined || original === name) return [];
    return [
      {
        code: 'column-renamed',
        severity: 'warning',
        message: `The column ${original} differs from another one in letter case only, and is read as ${name}.`,
        column: name,
        locations: [{ file }],
        suggestion: 'Give one of them another name in the file.',
      },
    ];
  });
}

async function readHead(file: SourceFile): Promise<Buffer> {
  try {
    const handle = await openFile(file.path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafe(HEAD_BYTES), position: 0 });
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(
      file,
      'source-unreadable',
      `It cannot be opened: ${reason(error)}.`,
      'Check that it exists and that you may read it.',
      error,
    );
  }
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'it no longer exists';
  return firstLine(error);
}
