/** Which files a build writes, known before anything is read. */
import {
  splitNames,
  type Compression,
  type OutputFormat,
  type OutputSpec,
  type SplitName,
  type SplitSpec,
} from '../../protocol';

/** Where each file of an output goes, before anything is written. */
export function outputFiles(output: OutputSpec, parts: readonly { readonly name: string }[]): string[] {
  return output.formats.flatMap(({ format, compression }, index) =>
    parts.map(({ name }) => `${index === 0 ? 'data' : format}/${name}.${extension(format, compression)}`),
  );
}

/** Splits with a share, in their order; with indices all three may come. */
export function activeSplits(split: SplitSpec): SplitName[] {
  return splitNames.filter((name) => split.indices !== undefined || split.ratios[name] > 0);
}

function extension(format: OutputFormat, { codec }: Compression): string {
  const suffix = format === 'parquet' || codec === 'none' ? '' : codec === 'gzip' ? '.gz' : '.zst';
  return `${format}${suffix}`;
}
