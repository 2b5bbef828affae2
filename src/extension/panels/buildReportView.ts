/** A build, in the words and figures of its report. */
import { l10n } from 'vscode';
import { worstFirst } from '../../protocol';
import type {
  BuildReportView,
  BuildReportWords,
  DatasetBuild,
  Fact,
  Finding,
  FindingView,
  Severity,
  TableView,
} from '../../protocol';
import { stepWords } from '../commands/buildWords';
import { reasonOf } from '../datasets/failure';
import type { Dataset } from '../datasets/model';
import { age, bytes, count, duration, rows, warnings } from '../format';
import { splitChart } from './splitChart';

/** The findings of a report, in the order in which it shows them. */
export function reportFindings({ build }: Dataset): Finding[] {
  return worstFirst(build?.findings ?? []);
}

/** The files of a report, in the order in which it shows them. */
export function reportArtifacts({ build }: Dataset): DatasetBuild['artifacts'] {
  return build?.artifacts ?? [];
}

export function buildReportView(dataset: Dataset, build: DatasetBuild, canBuild: boolean, now: Date): BuildReportView {
  const chart = splitChart(build.splits);
  const failed = build.status === 'failed';
  const notice = noticeOf(dataset, failed, now);
  return {
    dataset: dataset.name,
    ...outcome(dataset, build),
    verdict: verdict(build),
    origin: origin(dataset, build, now),
    ...(notice !== undefined && { notice }),
    canBuild,
    hasManifest: dataset.manifest !== undefined,
    facts: failed ? [] : facts(build),
    findings: reportFindings(dataset).map(findingView),
    ...(chart !== undefined && { splits: chart }),
    steps: steps(build),
    artifacts: artifactTable(build),
  };
}

export function reportWords(): BuildReportWords {
  return {
    buildAgain: l10n.t('Build Again'),
    openManifest: l10n.t('Open Manifest'),
    openConfig: l10n.t('Open YAML'),
    findings: l10n.t('Findings'),
    noFindings: l10n.t('Nothing stood out in this build.'),
    splits: l10n.t('Splits'),
    steps: l10n.t('Time per step'),
    artifacts: l10n.t('Files'),
    showTable: l10n.t('Show as table'),
    openInConfig: l10n.t('Open the line in the configuration'),
  };
}

function outcome({ status }: Dataset, build: DatasetBuild): Pick<BuildReportView, 'outcome' | 'outcomeWord'> {
  if (status === 'building') return { outcome: 'busy', outcomeWord: l10n.t('Building') };
  if (build.status === 'failed') return { outcome: 'bad', outcomeWord: l10n.t('Failed') };
  const attention = status === 'stale' || build.findings.some(({ severity }) => severity !== 'info');
  return attention
    ? { outcome: 'attention', outcomeWord: status === 'stale' ? l10n.t('Stale') : l10n.t('Built, with warnings') }
    : { outcome: 'good', outcomeWord: l10n.t('Built') };
}

function verdict(build: DatasetBuild): string {
  if (build.status === 'failed') return reasonOf(build);
  const files = build.artifacts.filter(({ kind }) => kind === 'data').length;
  const written =
    files === 1 ? l10n.t('{0} in 1 file', rows(build.rows)) : l10n.t('{0} in {1} files', rows(build.rows), files);
  const warned = build.findings.filter(({ severity }) => severity === 'warning').length;
  const parts = [written];
  if (build.rejected > 0) parts.push(l10n.t('{0} set aside', rows(build.rejected)));
  parts.push(warned === 0 ? l10n.t('no warnings') : warnings(warned));
  return `${parts.join(', ')}.`;
}

function origin({ manifest }: Dataset, build: DatasetBuild, now: Date): string {
  const sources = build.inputs.map(({ path }) => path);
  const from =
    sources.length > 3
      ? l10n.t('{0} and {1} more', sources.slice(0, 2).join(', '), sources.length - 2)
      : sources.join(', ');
  const parts: string[] = [];
  if (build.status !== 'failed' && manifest !== undefined) parts.push(age(new Date(manifest.createdAt), now));
  if (from !== '') parts.push(l10n.t('from {0}', from));
  return parts.join(' · ');
}

function noticeOf({ status, staleBecause, manifest }: Dataset, failed: boolean, now: Date): string | undefined {
  if (failed && manifest !== undefined) {
    return l10n.t('The files of the build before ({0}) are still in place.', age(new Date(manifest.createdAt), now));
  }
  if (status !== 'stale') return undefined;
  return [l10n.t('This build is out of date.'), ...staleBecause].join(' ');
}

function facts(build: DatasetBuild): Fact[] {
  const size = build.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  const read = build.inputs.reduce((sum, input) => sum + input.rows + input.rejected, 0);
  return [
    { label: l10n.t('rows read'), value: count(read) },
    { label: l10n.t('rows set aside'), value: count(build.rejected) },
    { label: l10n.t('files written'), value: count(build.artifacts.length) },
    { label: l10n.t('on disk'), value: bytes(size), title: l10n.t('{0} bytes', count(size)) },
    { label: l10n.t('time'), value: duration(build.durationMs), title: l10n.t('{0} ms', count(build.durationMs)) },
    ...(build.peakMemoryBytes === undefined
      ? []
      : [
          {
            label: l10n.t('peak memory'),
            value: bytes(build.peakMemoryBytes),
            title: l10n.t('{0} bytes', count(build.peakMemoryBytes)),
          },
        ]),
  ];
}

function findingView({ severity, code, message, suggestion, locations = [] }: Finding): FindingView {
  const words: Record<Severity, string> = { error: l10n.t('Error'), warning: l10n.t('Warning'), info: l10n.t('Note') };
  return {
    severity,
    severityWord: words[severity],
    code,
    message,
    ...(suggestion !== undefined && { suggestion }),
    places: locations.map(({ file, line, row, text }) => ({
      label:
        line !== undefined ? `${file}:${line}` : row !== undefined ? l10n.t('{0}, row {1}', file, count(row)) : file,
      ...(text !== undefined && { text: text === '' ? '""' : text }),
    })),
  };
}

function steps({ steps: timed }: DatasetBuild): BuildReportView['steps'] {
  const longest = Math.max(...timed.map(({ durationMs }) => durationMs), 1);
  return timed.map(({ step, durationMs }) => ({
    label: stepWords()[step],
    share: durationMs / longest,
    text: duration(durationMs),
  }));
}

function artifactTable({ artifacts }: DatasetBuild): TableView {
  return {
    columns: [
      { title: l10n.t('File'), numeric: false },
      { title: l10n.t('Format'), numeric: false },
      { title: l10n.t('Rows'), numeric: true },
      { title: l10n.t('Size'), numeric: true },
      { title: 'SHA-256', numeric: false },
    ],
    rows: artifacts.map((artifact) => [
      { text: artifact.path },
      { text: artifact.format },
      { text: count(artifact.rows) },
      { text: bytes(artifact.bytes), title: l10n.t('{0} bytes', count(artifact.bytes)) },
      { text: `${artifact.sha256.slice(0, 12)}…`, title: artifact.sha256 },
    ]),
  };
}
