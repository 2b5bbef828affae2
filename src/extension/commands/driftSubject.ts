/** What somebody wants to compare: rows of a dataset or of files, and what they are held against. */
import * as path from 'node:path';
import { l10n, QuickPickItemKind, ThemeIcon, Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Drift, DriftRequest, Engine, ListedVersion } from '../../protocol';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { age, rows } from '../format';
import { ofPath, pickData, askForFile } from './dataSubject';
import type { DataSubject } from './dataSubject';

export interface DriftSubject {
  readonly request: DriftRequest;
  readonly title: string;
  /** Of a dataset: the file that names it, and its name. */
  readonly config?: Uri;
  readonly dataset?: string;
}

/** What is held against something, and what it is called. */
interface CurrentSide extends Omit<DriftSubject, 'request'> {
  readonly request: Omit<DriftRequest, 'baseline' | 'baselineSplit'>;
}

/** What both sides are told from: what is asked for `baseline` in a request, and which splits. */
type Baseline = Partial<Pick<DriftRequest, 'baseline' | 'baselineSplit' | 'currentSplit'>>;

export interface DriftPickTools {
  readonly engine: Pick<Engine, 'versions'>;
  readonly store: DatasetStore;
}

/**
 * What the command was called on, held against what the user picks. An argument `{config, name, baseline}` asks for
 * nothing: its baseline is a version, a path, or `''` for the one that the config names. Undefined when nothing is picked.
 */
export async function pickComparison(tools: DriftPickTools, argument: unknown): Promise<DriftSubject | undefined> {
  const known = comparisonOf(argument);
  if (known !== undefined) return known;
  const subject = await pickData(tools.store, argument, l10n.t('What to compare?'));
  if (subject === undefined) return undefined;
  const side = sideOf(subject);
  const named = baselineOf(argument);
  if (named !== undefined) return compared(side, named === '' ? {} : { baseline: named });
  return pickBaseline(tools, side);
}

/** Two files of data: the first is the baseline. Of one the user says what it is held against. */
export async function pickFiles(
  tools: DriftPickTools,
  clicked: unknown,
  selected: unknown,
): Promise<DriftSubject | undefined> {
  const files = Array.isArray(selected) ? selected.filter((each) => each instanceof Uri) : [];
  const [baseline, current] = files;
  if (files.length !== 2 || baseline === undefined || current === undefined) {
    return pickComparison(tools, clicked);
  }
  return compared(sideOf(ofPath(current)), { baseline: baseline.fsPath });
}

/** The other way round: what was held against the baseline is the baseline. */
export function swapped(
  subject: DriftSubject,
  { baseline, current }: Pick<Drift, 'baseline' | 'current'>,
): DriftSubject {
  const { baseline: _, current: __, baselineSplit: ___, currentSplit: ____, ...rest } = subject.request;
  const request = {
    ...rest,
    baseline: current.reference,
    current: baseline.reference,
    ...(current.split !== undefined && { baselineSplit: current.split }),
    ...(baseline.split !== undefined && { currentSplit: baseline.split }),
  };
  return { ...subject, request, title: titleOf(request, path.basename(baseline.reference)) };
}

/** Two requests with the same key compare the same. */
export function driftKey({ configPath, folder, baseline, current, baselineSplit, currentSplit }: DriftRequest): string {
  return JSON.stringify(['drift', configPath ?? null, folder, baseline, baselineSplit, current, currentSplit]);
}

/** What a comparison holds against its baseline, without that. */
export function currentSide({ request, ...subject }: DriftSubject): CurrentSide {
  const { baseline: _, baselineSplit: __, ...rest } = request;
  return { ...subject, request: rest, title: path.basename(request.current) };
}

/** Asks what this side is to be held against. */
export async function pickBaseline(tools: DriftPickTools, side: CurrentSide): Promise<DriftSubject | undefined> {
  const { config, dataset: name, title, request } = side;
  const dataset = config && name !== undefined ? tools.store.find(config, name) : undefined;
  const items = dataset === undefined ? [] : await baselineItems(tools, dataset, request);
  if (items.length === 0) return againstFile(side);
  const file: BaselineItem = { label: l10n.t('A file…'), iconPath: new ThemeIcon('go-to-file') };
  const picked = await window.showQuickPick([...items, line(''), file], {
    placeHolder: l10n.t('Hold {0} against what?', title),
    matchOnDescription: true,
  });
  if (picked === undefined) return undefined;
  return picked.baseline === undefined ? againstFile(side) : compared(side, picked.baseline);
}

async function againstFile(side: CurrentSide): Promise<DriftSubject | undefined> {
  const file = await askForFile(l10n.t('Baseline of {0}', side.title), l10n.t('Compare'));
  return file && compared(side, { baseline: file.fsPath });
}

function sideOf({ request, title, config }: DataSubject): CurrentSide {
  const { target, split, source: _, ...rest } = request;
  return {
    request: { ...rest, current: target, ...(split !== undefined && { currentSplit: split }), metrics: 'all' },
    title,
    ...(config !== undefined && { config, dataset: target }),
  };
}

function compared({ request, title, ...subject }: CurrentSide, baseline: Baseline): DriftSubject {
  const whole = { ...request, ...baseline };
  return { ...subject, request: whole, title: titleOf(whole, title) };
}

function titleOf({ baseline, baselineSplit, currentSplit }: DriftRequest, title: string): string {
  const current = currentSplit === undefined || title.includes(' · ') ? title : `${title} · ${currentSplit}`;
  const against =
    baseline === undefined ? baselineSplit : path.isAbsolute(baseline) ? path.basename(baseline) : baseline;
  return against === undefined ? current : l10n.t('{0} against {1}', current, against);
}

type BaselineItem = QuickPickItem & { readonly baseline?: Baseline };

const line = (label: string): BaselineItem => ({ label, kind: QuickPickItemKind.Separator });

/** Sides may have been swapped: then it is a version of the dataset, or a file, that is held against something. */
async function baselineItems(
  { engine, store }: DriftPickTools,
  dataset: Dataset,
  { current, currentSplit: split }: CurrentSide['request'],
) {
  const { config, name, spec, manifest } = dataset;
  const isWhole = current === name;
  const said = isWhole || current.startsWith(`${name}@`) ? spec?.drift?.baseline : undefined;
  const versions = await versionsOf(engine, dataset);
  const splits = [...new Set(manifest?.artifacts.flatMap((file) => (file.kind === 'data' ? (file.split ?? []) : [])))];
  const others = store.datasets.filter((each) => each.config.toString() === config.toString() && each.name !== name);
  const groups: readonly (readonly [title: string, items: readonly BaselineItem[]])[] = [
    [
      l10n.t('From the configuration'),
      said === undefined ? [] : [{ label: said, iconPath: new ThemeIcon('file-code'), baseline: {} }],
    ],
    [
      l10n.t('Versions'),
      [
        ...(isWhole ? [] : [{ label: name, iconPath: new ThemeIcon('database'), baseline: { baseline: name } }]),
        ...versionItems(versions),
      ],
    ],
    [
      l10n.t('Splits'),
      !isWhole
        ? []
        : split === undefined
          ? splitItems(splits)
          : splitItems([...splits.filter((each) => each !== split), split]).filter(
              ({ baseline }) => baseline?.currentSplit === split,
            ),
    ],
    [
      l10n.t('Datasets'),
      others.map((other) => ({
        label: other.name,
        iconPath: new ThemeIcon('database'),
        baseline: { baseline: other.name },
      })),
    ],
  ];
  return groups.flatMap(([title, items]) => (items.length === 0 ? [] : [line(title), ...items]));
}

/** Versions whose bytes are gone cannot be compared. What is wrong with the list of them does not stop anybody. */
async function versionsOf(
  engine: Pick<Engine, 'versions'>,
  { config, name, manifest }: Dataset,
): Promise<ListedVersion[]> {
  if (manifest === undefined) return [];
  const request = { configPath: config.fsPath, targets: [name], folder: path.dirname(config.fsPath) };
  const list = await engine.versions(request).catch(() => undefined);
  return list?.datasets[0]?.versions.filter(({ kept, current }) => kept && !current) ?? [];
}

/** The one before first, then those that have a name. */
function versionItems(versions: readonly ListedVersion[]): BaselineItem[] {
  const now = new Date();
  const item = (name: string, icon: string, { id, createdAt, rows: size }: ListedVersion) => ({
    label: name,
    description: [...(name === id ? [] : [id.slice(0, 8)]), age(new Date(createdAt), now), rows(size)].join(' · '),
    iconPath: new ThemeIcon(icon),
    baseline: { baseline: name },
  });
  const previous = {
    label: l10n.t('Previous build'),
    iconPath: new ThemeIcon('history'),
    baseline: { baseline: 'previous' },
  };
  return [
    ...(versions.length === 0 ? [] : [previous]),
    ...versions.flatMap((version) => version.tags.map((tag) => item(tag, 'tag', version))),
    ...versions.map((version) => item(version.id, 'git-commit', version)),
  ];
}

/** The others against the first, which is what is trained on. */
function splitItems(splits: readonly string[]): BaselineItem[] {
  const [first = '', ...others] = splits.toSorted((a, b) => Number(b === 'train') - Number(a === 'train'));
  return others.map((other) => ({
    label: l10n.t('{0} against {1}', other, first),
    iconPath: new ThemeIcon('split-horizontal'),
    baseline: { baselineSplit: first, currentSplit: other },
  }));
}

/** Other screens name what they compare in full. */
function comparisonOf(argument: unknown): DriftSubject | undefined {
  if (typeof argument !== 'object' || argument === null || !('request' in argument)) return undefined;
  const { request } = argument;
  return typeof request === 'object' && request !== null && 'current' in request
    ? (argument as DriftSubject)
    : undefined;
}

function baselineOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('baseline' in argument)) return undefined;
  return typeof argument.baseline === 'string' ? argument.baseline : undefined;
}
