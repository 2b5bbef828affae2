/** `mldata export TARGET` */
import { Command, InvalidArgumentError, Option } from 'commander';
import { memoryBytes, memorySize, parseCompression } from '../config';
import {
  ExitCode,
  exportDocuments,
  exportFormats,
  exportFrameworks,
  type ExportFormat,
  type ExportFramework,
  type ExportRequest,
} from '../protocol';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { exportReporter } from './exportProgress';
import { renderExport } from './renderExport';
import { targetsRequest } from './targets';

interface ExportOptions extends SharedOptions, Partial<Record<(typeof exportDocuments)[number], boolean>> {
  readonly formats?: readonly ExportFormat[];
  readonly framework?: ExportFramework;
  readonly output?: string;
  readonly compression?: string;
  readonly split?: readonly string[];
  readonly columns?: readonly string[];
  readonly where?: string;
  readonly rowsPerFile?: number;
  readonly maxFileSize?: number;
  readonly target?: string;
  readonly packageName?: string;
  readonly dataUrl?: string;
  readonly force?: boolean;
  readonly dvc?: boolean;
  readonly gitLfs?: boolean;
}

export function exportCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('export')
    .description('write what was built, or files, in other formats, or as a package for a framework')
    .argument('<target>', 'a dataset of the config, a build folder, or a file, folder or pattern of data')
    .option('--formats <names>', `${exportFormats.join(', ')}; several with commas; default: parquet`, formatsOf)
    .option('--framework <name>', `a package that it reads: ${exportFrameworks.join(', ')}`, frameworkOf)
    .option('--output <folder>', 'default: exports/NAME beside the config')
    .option('--compression <codec>', 'such as zstd:3, gzip or none; default: that of each format', codecOf)
    .option('--split <names>', 'only these splits; several with commas', listOf)
    .option('--columns <names>', 'only these columns, in this order; several with commas, "a, b" is one', listOf)
    .option('--where <condition>', 'only rows for which this SQL holds, such as "age > 30"')
    .option('--rows-per-file <n>', 'at most so many rows in a file', rowsOf)
    .option('--max-file-size <size>', 'at most about so much in a file, such as 100MB', sizeOf)
    .option('--croissant', 'also write croissant.json, which describes the data to search engines and loaders')
    .option('--datapackage', 'also write datapackage.json, for Frictionless')
    .option('--card', 'also write README.md, the dataset card')
    .option('--target <column>', 'the column to predict, where the schema gives none the role `target`')
    .option('--package-name <name>', 'of the Python package; default: made from the name of the dataset')
    .option('--data-url <address>', 'the package fetches its data from below this address instead of holding it')
    .option('--force', 'replace the export that stands there')
    .addOption(new Option('--dvc', 'have DVC track the data afterwards').conflicts('gitLfs'))
    .option('--git-lfs', 'have Git LFS track the data afterwards')
    .addHelpText(
      'after',
      '\nOf a dataset what was built is exported, never its source: build it first. A path is exported as it is, and needs\n' +
        'no config: data.csv, "raw/*.parquet". What a format cannot keep is said, and stands in export.json, which lists\n' +
        'every file with its hash. Where one of several formats fails the others are written, and it exits with 1.\n',
    );
  return withSharedOptions(command).action(async (target: string, options: ExportOptions) => {
    const { configPath, folder } = await targetsRequest([], options);
    const request: ExportRequest = {
      target,
      folder,
      ...(configPath !== undefined && { configPath }),
      ...wantedOf(options),
      ...runOptions(options),
    };
    try {
      const done = await engine.export(request, exportReporter(output, target), signal);
      output.clear();
      if (options.json) printDocument(done);
      else renderExport(done, output);
      if (done.formats.some(({ status }) => status === 'failed')) exit(ExitCode.buildFailed);
    } finally {
      output.clear();
    }
  });
}

function wantedOf(options: ExportOptions): Partial<ExportRequest> {
  const { formats, framework, output, compression, split, columns, where, rowsPerFile, maxFileSize } = options;
  const { target, packageName, dataUrl, force, dvc, gitLfs } = options;
  const documents = exportDocuments.filter((name) => options[name]);
  return {
    ...(formats && { formats }),
    ...(framework && { framework }),
    ...(output !== undefined && { output }),
    ...(compression !== undefined && { compression }),
    ...(split && { splits: split }),
    ...(columns && { columns }),
    ...(where !== undefined && { where }),
    ...(rowsPerFile !== undefined && { rowsPerFile }),
    ...(maxFileSize !== undefined && { maxFileBytes: maxFileSize }),
    ...(documents.length > 0 && { documents }),
    ...(target !== undefined && { targetColumn: target }),
    ...(packageName !== undefined && { packageName }),
    ...(dataUrl !== undefined && { dataUrl }),
    ...(force && { force }),
    ...((dvc || gitLfs) && { tracking: dvc ? ('dvc' as const) : ('git-lfs' as const) }),
  };
}

function formatsOf(value: string): ExportFormat[] {
  return listOf(value).map((name) => {
    const format = exportFormats.find((known) => known === name);
    if (format) return format;
    throw new InvalidArgumentError(`There is no format ${name}. The formats are ${exportFormats.join(', ')}.`);
  });
}

function frameworkOf(value: string): ExportFramework {
  const framework = exportFrameworks.find((known) => known === value);
  if (framework) return framework;
  throw new InvalidArgumentError(
    `There are packages for ${exportFrameworks.join(' and ')}, and none for ${value} yet.`,
  );
}

function codecOf(value: string): string {
  if (parseCompression(value)) return value;
  throw new InvalidArgumentError(`${value} is no codec. Give one such as zstd:3, gzip, snappy or none.`);
}

/** A name with a comma in it, or with white space at an end, stands in double quotes, as in CSV. */
function listOf(value: string): string[] {
  const found = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^",][^,]*))(?:,|$)/gy)];
  const names = found.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim());
  const isWhole = found.reduce((length, [part]) => length + part.length, 0) === value.length && !value.endsWith(',');
  if (!isWhole || found.some(([, quoted], index) => quoted === undefined && names[index] === ''))
    throw new InvalidArgumentError('Give names with commas between them, and one that holds a comma in double quotes.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is named twice.`);
  return names;
}

function rowsOf(value: string): number {
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number from 1 on.');
}

function sizeOf(value: string): number {
  const bytes = memorySize.test(value) ? Math.round(memoryBytes(value)) : 0;
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError(`${value} is no size. Give a number with its unit, such as 500KB or 100MB.`);
}
