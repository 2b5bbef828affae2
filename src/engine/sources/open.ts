/** Opens one file: finds out what it is and says how SQL reads it. */
import { open as openFile } from 'node:fs/promises';
import { firstLine, identifier, pathLiteral } from '../duckdb';
import { detectCompression, detectEncoding, detectFormat, normalizeText } from '../text';
import { MldataError, type Finding } from '../../protocol';
import { openDelimited } from './delimited';
import { openJson } from './json';
import type { SourceFile } from './local';
import { named, scratchPath, unreadable, type OpenContext, type OpenSource } from './source';

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
  refuseTwins(opened, context.dataset);
  return { ...opened, findings: opened.findings.map((finding) => ({ ...finding, dataset: context.dataset })) };
}

async function openAs(file: SourceFile, context: OpenContext): Promise<OpenSource> {
  const head = await readHead(file);
  if (head.length === 0) {
    throw unreadable(file, 'source-empty', 'The file is empty.', 'Remove it from the source or fill it.');
  }
  const compression = detectCompression(file.name, head);
  const findings: Finding[] = compression.finding ? [compression.finding] : [];
  let path = file.path;
  let content = head;
  if (compression.codec !== 'none') {
    path = scratchPath(context.scratch);
    await normalizeText(file.path, path, { codec: compression.codec, bom: false }, context.signal);
    content = await readHead({ ...file, path });
  }
  const detected = detectFormat(file.name, content);
  const format = file.format ?? detected.format;
  if (detected.finding && !file.format) findings.push(detected.finding);
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
    case 'parquet':
      return { ...(await openParquet(file, [file.path], context)), findings };
    case 'arrow': {
      const output = scratchPath(context.scratch, '.parquet');
      // Loaded when needed: it brings WebAssembly that most builds do without.
      const { arrowToParquet } = await import('../arrow');
      const { files } = await arrowToParquet(file.path, output, { signal: context.signal });
      return { ...(await openParquet(file, files, context)), format, findings };
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

/** Text in another encoding is copied as UTF-8 for the reader. */
async function asUtf8(file: SourceFile, path: string, head: Buffer, context: OpenContext) {
  const detected = detectEncoding(head, head.length < HEAD_BYTES);
  const encoding = file.options.encoding ?? detected.encoding;
  if (encoding === 'utf-8') return { path, head, encoding };
  const output = scratchPath(context.scratch);
  await normalizeText(path, output, { codec: 'none', encoding, bom: detected.bom }, context.signal);
  return { path: output, head: await readHead({ ...file, path: output }), encoding };
}

async function openParquet(file: SourceFile, paths: readonly string[], { database }: OpenContext): Promise<OpenSource> {
  const relation = `read_parquet([${paths.map(pathLiteral).join(', ')}])`;
  try {
    const columns = await database.describe(`SELECT * FROM ${relation}`);
    return {
      file,
      format: 'parquet',
      relation,
      glance: relation,
      columns: columns.map(({ name, type }) => ({ name, type, expression: identifier(name) })),
      findings: [],
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

/** Columns that differ only in letter case are one column to most readers of Parquet. */
function refuseTwins(source: OpenSource, dataset: string): void {
  const seen = new Map<string, string>();
  for (const { name } of source.columns) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const finding: Finding = {
        code: 'duplicate-column',
        severity: 'error',
        message:
          twin === name
            ? `The column ${name} stands twice.`
            : `The columns ${twin} and ${name} differ only in letter case.`,
        dataset,
        column: name,
        locations: [{ file: source.file.name, line: 1 }],
        suggestion: 'Rename one of them in the file.',
      };
      throw new MldataError('buildFailed', finding.code, `${source.file.name}: ${finding.message}`, [finding]);
    }
    seen.set(name.toLowerCase(), name);
  }
}

async function readHead(file: SourceFile): Promise<Buffer> {
  try {
    const handle = await openFile(file.path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
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
