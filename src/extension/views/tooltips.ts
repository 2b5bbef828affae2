/** Markdown tooltips: the facts one would look up. */
import { l10n, MarkdownString } from 'vscode';
import type { Artifact, Drift, SplitRecord } from '../../protocol';
import type { Dataset } from '../datasets/model';
import type { RemoteSource } from '../datasets/remoteSources';
import type { CommandId } from '../commandIds';
import { stateWord, toolWord, trackingSummary } from './trackingWords';
import { bytes, count, rows, share } from '../format';
import type { Column, Known, TrackedPath } from './nodes';
import { columnDrift, driftSummary } from './driftWords';
import { statusSentence } from './words';

export type Fact = readonly [label: string, value: string | undefined];

export function datasetTooltip(dataset: Dataset, { drift, tracking }: Known = {}): MarkdownString {
  const { manifest, spec } = dataset;
  const data = manifest?.artifacts.filter(({ kind }) => kind === 'data');
  return factSheet(
    dataset.name,
    [statusSentence(dataset), spec?.description, dataset.manifestProblem],
    [
      [l10n.t('Rows'), manifest && count(manifest.rows)],
      [l10n.t('Columns'), manifest && count(manifest.columns.length)],
      [l10n.t('Size'), data && bytes(data.reduce((sum, artifact) => sum + artifact.bytes, 0))],
      [l10n.t('Built'), manifest && new Date(manifest.createdAt).toLocaleString()],
      [
        l10n.t('From'),
        manifest?.inputs
          .map(({ path }) => path)
          .slice(0, 5)
          .join(', '),
      ],
      [l10n.t('Drift'), drift && driftSummary(drift)],
      [l10n.t('Tracking'), tracking && trackingSummary(tracking)],
      [l10n.t('Seed'), spec?.split && String(spec.split.seed)],
      [l10n.t('License'), spec?.license],
    ],
  );
}

export function remoteTooltip({ origin, fetched }: RemoteSource): MarkdownString {
  return factSheet(
    origin,
    [fetched === undefined ? l10n.t('Not fetched yet, or not what the configuration expects.') : undefined],
    [
      [l10n.t('Fetched'), fetched && new Date(fetched.fetchedAt).toLocaleString()],
      [l10n.t('Rows'), fetched?.rows === undefined ? undefined : count(fetched.rows)],
      [l10n.t('Size'), fetched && bytes(fetched.bytes)],
      [l10n.t('Table'), fetched?.table],
      [l10n.t('Query'), fetched?.query],
      [l10n.t('Version of the server'), fetched?.validator],
      ['SHA-256', fetched?.sha256],
    ],
  );
}

export function columnTooltip({ name, type, physicalType, role, description }: Column, drift?: Drift): MarkdownString {
  return factSheet(
    name,
    [description],
    [
      [l10n.t('Type'), type],
      [l10n.t('Stored as'), physicalType],
      [l10n.t('Role'), role],
      [l10n.t('Drift'), drift && columnDrift(drift, name)],
    ],
  );
}

export function splitTooltip(split: SplitRecord, total: number): MarkdownString {
  return factSheet(
    split.name,
    [],
    [
      [l10n.t('Rows'), count(split.rows)],
      [l10n.t('Share'), total === 0 ? undefined : share(split.rows / total)],
      ...(split.classes ?? []).slice(0, 10).map((each): Fact => [each.value ?? 'null', rows(each.rows)]),
    ],
  );
}

export function artifactTooltip(artifact: Artifact): MarkdownString {
  return factSheet(
    artifact.path,
    [],
    [
      [l10n.t('Format'), artifact.format],
      [l10n.t('Rows'), count(artifact.rows)],
      [l10n.t('Size'), `${bytes(artifact.bytes)} (${l10n.t('{0} bytes', count(artifact.bytes))})`],
      ['SHA-256', artifact.sha256],
      ['MD5', artifact.md5],
    ],
  );
}

export function trackedTooltip({ path, tool, by, state, message, files, bytes: size }: TrackedPath): MarkdownString {
  return factSheet(
    path,
    [message],
    [
      [l10n.t('State'), stateWord(state)],
      [l10n.t('Tool'), tool && toolWord(tool)],
      [l10n.t('Written in'), by],
      [l10n.t('Files'), files === undefined ? undefined : count(files)],
      [l10n.t('Size'), size === undefined ? undefined : bytes(size)],
    ],
  );
}

/** Names and values come from files: they are appended as text, so that no Markdown in them counts. */
export function factSheet(
  title: string,
  sentences: readonly (string | undefined)[],
  facts: readonly Fact[],
): MarkdownString {
  const sheet = new MarkdownString();
  sheet.appendMarkdown('**').appendText(title).appendMarkdown('**\n\n');
  for (const sentence of sentences) {
    if (sentence !== undefined && sentence !== '') sheet.appendText(sentence).appendMarkdown('\n\n');
  }
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '');
  if (known.length === 0) return sheet;
  sheet.appendMarkdown('| | |\n|---|---|\n');
  for (const [label, value] of known) {
    sheet
      .appendMarkdown('| ')
      .appendText(cell(label))
      .appendMarkdown(' | ')
      .appendText(cell(value))
      .appendMarkdown(' |\n');
  }
  return sheet;
}

/** The sheet with commands below it; each has one argument. */
export function withLinks(
  sheet: MarkdownString,
  links: readonly (readonly [title: string, command: CommandId, argument: object])[],
): MarkdownString {
  const texts = links.map(
    ([title, command, argument]) => `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`,
  );
  sheet.appendMarkdown(`\n${texts.join(' · ')}`);
  sheet.isTrusted = { enabledCommands: links.map(([, command]) => command) };
  return sheet;
}

/** A table cell ends at a bar or a line break. */
function cell(text: string): string {
  return text.replaceAll('|', '¦').replaceAll(/\s+/g, ' ');
}
