/** What is written, where, and that no two datasets write into each other. */
import { MldataError, outputFormats } from '../protocol';
import type { Compression, ConfigPath, DatasetSpec, OutputFormat, OutputSpec } from '../protocol';
import { compressionText, isOutputFormat, parseCompression, resolveCompression } from './compression';
import type { Layers } from './layers';
import { nearest } from './nearest';
import { checkPath, normalizeFolder } from './paths';
import type { Report } from './problem';
import { asList } from './shorthands';
import type { WrittenOutput } from './written';

/** Reports what is wrong in one `output` section by itself, whether of a dataset or of `defaults`. */
export function checkOutput(output: WrittenOutput, path: ConfigPath, report: Report): void {
  if (output.format !== undefined && output.formats !== undefined) {
    report({
      code: 'output-conflict',
      severity: 'error',
      message: '`format` and `formats` say the same thing.',
      suggestion: 'Keep one of them.',
      path: [...path, 'format'],
      part: 'key',
    });
  }
  const formats = asList(output.formats);
  for (const [index, format] of formats.entries()) {
    if (formats.indexOf(format) === index) continue;
    report({
      code: 'output-conflict',
      severity: 'error',
      message: `The format \`${format}\` is listed twice.`,
      path: [...path, 'formats', index],
      part: 'value',
    });
  }
  if (output.path !== undefined) checkPath(output.path, [...path, 'path'], report);
  if (output.compression === undefined || typeof output.compression === 'string') return;
  for (const [format, text] of Object.entries(output.compression)) {
    const answer =
      isOutputFormat(format) && text !== undefined ? resolveCompression(format, parseCompression(text)) : undefined;
    if (typeof answer !== 'string') continue;
    report({
      code: 'invalid-compression',
      severity: 'error',
      message: answer,
      path: [...path, 'compression', format],
      part: 'value',
    });
  }
}

export function resolveOutput(layers: Layers<WrittenOutput>, report: Report): OutputSpec {
  const { own, base, dataset } = layers;
  const formats = formatsOf(own) ?? formatsOf(base) ?? ['parquet' as const];
  const compression = own.compression ?? base.compression;
  return {
    formats: formats.map((format) => {
      const text = typeof compression === 'string' ? compression : compression?.[format];
      const resolved = resolveCompression(format, text === undefined ? undefined : parseCompression(text));
      if (typeof resolved !== 'string') return { format, compression: resolved };
      // A map's codecs are wrong wherever they stand and have been reported there.
      if (typeof compression === 'string') {
        report({
          code: 'invalid-compression',
          severity: 'error',
          message: resolved,
          suggestion: `Choose a codec that every format can do, or one for each: \`{ ${formats.map((one) => `${one}: ${fitting(one, compression)}`).join(', ')} }\`.`,
          path: layers.where('compression'),
          part: 'value',
          dataset,
        });
      }
      return { format, compression: { codec: 'none' } };
    }),
    path: own.path ?? base.path ?? `datasets/${dataset}`,
  };
}

/** The written codec where a format can do it, else without its level, else the format's default. */
function fitting(format: OutputFormat, text: string): string {
  const asked = parseCompression(text);
  const tries: (Compression | undefined)[] = asked ? [asked, { codec: asked.codec }, undefined] : [undefined];
  for (const attempt of tries) {
    const answer = resolveCompression(format, attempt);
    if (typeof answer !== 'string') return compressionText(answer);
  }
  return 'none';
}

function formatsOf(output: WrittenOutput): OutputFormat[] | undefined {
  if (output.formats !== undefined) return asList(output.formats);
  return output.format === undefined ? undefined : [output.format];
}

/** Reports every dataset whose folder is that of an earlier one, lies in it or holds it. */
export function checkFolders(
  outputs: readonly { readonly dataset: string; readonly path: string; readonly at: ConfigPath }[],
  report: Report,
): void {
  const owners = new Map<string, string>();
  /** Folders that hold the folder of an earlier dataset. */
  const holders = new Map<string, string>();
  for (const { dataset, path, at } of outputs) {
    // Many disks don't tell upper case from lower; a config has to work on all.
    const folder = normalizeFolder(path).toLowerCase();
    const parents = parentsOf(folder);
    const inside = parents.map((parent) => owners.get(parent)).find((owner) => owner !== undefined);
    const same = owners.get(folder);
    const holds = holders.get(folder);
    const other = same ?? inside ?? holds;
    if (other === undefined) {
      owners.set(folder, dataset);
      for (const parent of parents) if (!holders.has(parent)) holders.set(parent, dataset);
      continue;
    }
    const relation = same !== undefined ? 'is also' : inside !== undefined ? 'lies inside' : 'holds';
    report({
      code: 'output-conflict',
      severity: 'error',
      message: `The output folder \`${path}\` of \`${dataset}\` ${relation} the output folder of \`${other}\`.`,
      suggestion: 'Give each dataset a folder of its own with `output.path`.',
      path: at,
      part: at.at(-1) === 'path' ? 'value' : 'key',
      dataset,
    });
  }
}

/** Every folder above this one, the nearest first. */
function parentsOf(folder: string): string[] {
  if (folder === '') return [];
  const parents: string[] = [];
  for (let end = folder.lastIndexOf('/'); end > 0; end = folder.lastIndexOf('/', end - 1))
    parents.push(folder.slice(0, end));
  // Relative paths that stay inside lie below the config's own folder.
  if (!folder.startsWith('/') && folder !== '..' && !folder.startsWith('../')) parents.push('');
  return parents;
}

/**
 * The dataset with what the command line asks instead: `format` is a comma-separated list, `compression` one codec for all.
 * A format that the config names keeps its compression. Throws `MldataError` of kind `usage`.
 */
export function overrideOutput(
  spec: DatasetSpec,
  overrides: { readonly format?: string; readonly compression?: string },
): DatasetSpec {
  const configured = new Map(spec.output.formats.map(({ format, compression }) => [format, compression]));
  const formats = overrides.format === undefined ? [...configured.keys()] : parseFormats(overrides.format);
  const asked = overrides.compression === undefined ? undefined : parseCompression(overrides.compression);
  if (overrides.compression !== undefined && !asked) {
    throw usage(
      'invalid-compression',
      `\`${overrides.compression}\` is not a compression; write a codec such as none, gzip, snappy, lz4, brotli or zstd:3.`,
    );
  }
  return {
    ...spec,
    output: {
      ...spec.output,
      formats: formats.map((format) => {
        const compression = resolveCompression(format, asked ?? configured.get(format));
        if (typeof compression === 'string') throw usage('invalid-compression', compression);
        return { format, compression };
      }),
    },
  };
}

function parseFormats(text: string): OutputFormat[] {
  const formats = text.split(',').map((part) => part.trim());
  return [...new Set(formats)].map((format) => {
    if (isOutputFormat(format)) return format;
    const meant = nearest(format, outputFormats);
    const hint = meant === undefined ? `The formats are ${outputFormats.join(', ')}.` : `Did you mean ${meant}?`;
    throw usage('invalid-format', `\`${format}\` is not an output format. ${hint}`);
  });
}

function usage(code: string, message: string): MldataError {
  return new MldataError('usage', code, message);
}
