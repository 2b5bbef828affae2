/** The dataset card: a README for people, with a head of YAML for Hugging Face, by which `load_dataset` finds the files. */
import { dump, load } from 'js-yaml';
import * as z from 'zod';
import { isAddress } from '../../evolution';
import { code, reportNumbers, section, sentence, table } from '../../report';
import type { SchemaColumn } from '../../../protocol';
import { hubFeatures } from './hubFeatures';
import { hubLicense, licenseAddress, spdxOf } from './licenses';
import { mainFiles, patternsOf, type DatasetFacts } from './facts';

export const CARD_FILE = 'README.md';

/** What `datasets` reads of the head. */
const headSchema = z.looseObject({
  pretty_name: z.string(),
  license: z.string().optional(),
  license_name: z.string().optional(),
  license_link: z.string().optional(),
  tags: z.array(z.string()).optional(),
  size_categories: z.array(z.string()),
  configs: z
    .array(
      z.strictObject({
        config_name: z.string(),
        data_files: z.array(z.strictObject({ split: z.string().regex(/^\w+$/), path: z.string() })).min(1),
      }),
    )
    .min(1),
  dataset_info: z.looseObject({
    splits: z.array(z.strictObject({ name: z.string(), num_examples: z.int().nonnegative() })),
  }),
});
type CardHead = z.infer<typeof headSchema>;

export function cardOf(facts: DatasetFacts): string {
  const head = dump(cardHead(facts), { lineWidth: -1, noRefs: true });
  return `---\n${head}---\n\n${sections(facts).join('\n\n')}\n`;
}

function cardHead(facts: DatasetFacts): CardHead {
  const { name, title, keywords, rows, shape, format, splits } = facts;
  const files = mainFiles(facts);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  // Text is read as the library sees it: types that are declared there refuse what pandas makes of missing values.
  const features = format === 'parquet' || format === 'arrow' ? hubFeatures(shape.columns) : undefined;
  // Rows in no splits are training rows there.
  const named = splits.length > 0 ? splits : [{ name: 'train', rows }];
  const parts = named.map((split) => {
    const own = splits.length > 0 ? files.filter((file) => file.split === split.name) : files;
    return { ...split, patterns: patternsOf(own) };
  });
  return {
    pretty_name: title ?? name,
    ...licenseOf(facts),
    ...(keywords.length > 0 && { tags: [...keywords] }),
    size_categories: [sizeCategory(rows)],
    configs: [
      {
        config_name: 'default',
        data_files: parts.map((part) => ({ split: part.name, path: part.patterns[0] ?? '' })),
      },
    ],
    dataset_info: {
      ...(features && { features }),
      splits: parts.map((part) => ({ name: part.name, num_examples: part.rows })),
      download_size: bytes,
    },
  };
}

/** What of the head would be read as something else; nothing where it is as it should be. */
export function cardFaults(card: string, facts: DatasetFacts): string[] {
  const head = /^---\n(.*?)^---$/ms.exec(card)?.[1] ?? '';
  const { data, error } = headSchema.safeParse(load(head));
  if (error) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const named = data.configs.flatMap((config) => config.data_files.map(({ path }) => path));
  const there = patternsOf(mainFiles(facts));
  return there.filter((path) => !named.includes(path)).map((path) => `${path} is not named`);
}

/** What has no name at Hugging Face is `other`, with a name and the place of its text. */
function licenseOf({ license }: DatasetFacts): Pick<CardHead, 'license' | 'license_name' | 'license_link'> {
  if (license === undefined) return {};
  const there = hubLicense(license);
  if (there !== undefined) return { license: there };
  const address = licenseAddress(license);
  return { license: 'other', license_name: license, ...(address !== undefined && { license_link: address }) };
}

/** `10K<n<100K`; exactly a thousand belongs to the larger of two. */
export function sizeCategory(rows: number): string {
  const steps = ['1K', '10K', '100K', '1M', '10M', '100M', '1B', '10B', '100B', '1T'];
  const step = steps.findIndex((_, index) => rows < 1000 * 10 ** index);
  if (step === 0) return 'n<1K';
  return step < 0 ? 'n>1T' : `${steps[step - 1] ?? ''}<n<${steps[step] ?? ''}`;
}

function sections(facts: DatasetFacts): string[] {
  const { name, title, description, homepage, contributors, citation, builtAt, splits, shape, files } = facts;
  const { count, bytes: size } = reportNumbers;
  const about = [
    ...(homepage === undefined ? [] : [`- Homepage: ${isAddress(homepage) ? `<${homepage}>` : sentence(homepage)}`]),
    ...licenseLine(facts),
    ...(contributors.length > 0 ? [`- By: ${contributors.map(sentence).join(', ')}`] : []),
    ...(builtAt === undefined ? [] : [`- Built: ${builtAt}`]),
    `- Rows: ${count(facts.rows)}`,
  ];
  return [
    `# ${sentence(title ?? name)}`,
    ...(description === undefined ? [] : [description.trim()]),
    about.join('\n'),
    ...(splits.length > 0
      ? [
          section(
            'Splits',
            table(
              ['split', '>rows'],
              splits.map((one) => [one.name, count(one.rows)]),
            ),
          ),
        ]
      : []),
    section('Columns', table(['column', 'type', 'role', 'missing', 'description'], shape.columns.map(columnCells))),
    section(
      'Files',
      table(
        ['file', '>rows', '>size', 'SHA-256'],
        files.map(({ path, rows = 0, bytes, sha256 }) => [code(path), count(rows), size(bytes), code(sha256)]),
      ),
    ),
    section(
      'Use',
      '```python\nfrom datasets import load_dataset\n\ndataset = load_dataset("path/of/this/folder")\n```',
    ),
    ...(citation === undefined ? [] : [section('Citation', fenced(citation.trim()))]),
  ];
}

function licenseLine({ license }: DatasetFacts): string[] {
  if (license === undefined) return [];
  const address = licenseAddress(license);
  return [
    `- Licence: ${address === undefined ? sentence(license) : `[${sentence(spdxOf(license) ?? license)}](${address})`}`,
  ];
}

function columnCells({ name, type, role, nullable, title, description }: SchemaColumn): string[] {
  const missing = nullable === undefined ? '' : nullable ? 'yes' : 'no';
  return [code(name), type, role ?? '', missing, sentence(description ?? title ?? '')];
}

/** A fence longer than any inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
