/** How far fetching is: one bar over all sources, which never goes back, and a line on what is on its way. */
import { l10n } from 'vscode';
import type { FetchingProgress } from '../../protocol';
import { bytes, duration, rows, share } from '../format';
import type { ShowProgress } from '../notifications';

export class FetchBar {
  private shown = 0;
  private readonly sources = new Map<string, FetchingProgress>();

  /** `total` counts sources. */
  constructor(
    private readonly total: number,
    private readonly report: ShowProgress,
  ) {}

  show(progress: FetchingProgress): void {
    this.sources.set(progress.origin, progress);
    const all = [...this.sources.values()];
    // What is unpacked has come.
    const came = all.reduce((sum, { fraction = 0, unpacking }) => sum + (unpacking ? 1 : fraction), 0);
    const done = (came / this.total) * 100;
    const running = all.filter(({ fraction }) => fraction !== 1);
    const message = running.length > 1 ? together(running) : fetchingText(progress);
    this.report(message, Math.max(done - this.shown, 0));
    this.shown = Math.max(done, this.shown);
  }
}

/** `trips.csv · 42 % · 96 MiB · 12 MiB/s · 8 s left`, `trips.zip · unpacking · 96 MiB` */
export function fetchingText({ origin, ...came }: FetchingProgress): string {
  const { fraction, unpacking, rows: read, bytes: size, bytesPerSecond, etaSeconds } = came;
  return [
    origin.split('/').filter(Boolean).at(-1) ?? origin,
    ...(unpacking ? [l10n.t('unpacking')] : []),
    ...(fraction === undefined ? [] : [share(Math.floor(fraction * 100) / 100)]),
    ...(read === undefined ? [] : [rows(read)]),
    bytes(size),
    ...speed(bytesPerSecond, etaSeconds),
  ].join(' · ');
}

/** `3 sources · 210 MiB · 36 MiB/s · 12 s left` */
function together(running: readonly FetchingProgress[]): string {
  const sum = (of: (each: FetchingProgress) => number | undefined): number =>
    running.reduce((total, each) => total + (of(each) ?? 0), 0);
  // All are there when the last is.
  const left = Math.max(...running.map(({ etaSeconds }) => etaSeconds ?? 0));
  return [
    l10n.t('{0} sources', running.length),
    bytes(sum((each) => each.bytes)),
    ...speed(sum((each) => each.bytesPerSecond) || undefined, left || undefined),
  ].join(' · ');
}

function speed(bytesPerSecond: number | undefined, etaSeconds: number | undefined): string[] {
  return [
    ...(bytesPerSecond === undefined ? [] : [l10n.t('{0}/s', bytes(bytesPerSecond))]),
    ...(etaSeconds === undefined ? [] : [l10n.t('{0} left', duration(Math.max(1, Math.round(etaSeconds)) * 1000))]),
  ];
}
