/** Which files a build writes, known before anything is read. */
import {
  splitNames,
  type Compression,
  type DatasetSpec,
  type ExportFormat,
  type OutputSpec,
  type SplitName,
  type SplitSpec,
} from '../../protocol';

/** Every report a build may write, relative to its folder; the first one always. */
export const REPORT_FILES = ['reports/build.json', 'reports/rejected.parquet', 'reports/split-indices.csv'] as const;

/** The data files of a dataset, relative to the folder of its build. */
export function dataFiles({ split, output }: DatasetSpec): string[] {
  return outputFiles(output, split ? activeSplits(split).map((name) => ({ name })) : [{ name: 'data' }]);
}

/** Where each file of an output goes, before anything is written. */
export function outputFiles(output: OutputSpec, parts: readonly { readonly name: string }[]): string[] {
  return output.formats.flatMap(({ format, compression }, index) =>
    parts.map(({ name }) => `${index === 0 ? 'data' : format}/${name}.${fileExtension(format, compression)}`),
  );
}

/** Splits with a share, in their order; with indices all three may come. */
export function activeSplits(split: SplitSpec): SplitName[] {
  return splitNames.filter((name) => split.indices !== undefined || split.ratios[name] > 0);
}

/** What the name of a file ends with, without the first dot. */
export function fileExtension(format: ExportFormat, { codec }: Compression): string {
  const suffix = format === 'parquet' || codec === 'none' ? '' : codec === 'gzip' ? '.gz' : '.zst';
  return `${format}${suffix}`;
}
