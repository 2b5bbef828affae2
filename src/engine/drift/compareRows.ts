/** Holds the rows of one side against those of another, column by column. */
import type { DriftSettings } from '../../config';
import {
  cancelled,
  verdictOf,
  MldataError,
  rankOf,
  type ConfigPath,
  type Drift,
  type DriftColumn,
  type DriftProgress,
} from '../../protocol';
import { refuseFatal } from '../fatal';
import { inBatches } from '../inBatches';
import { assemble, isRetyped } from './assemble';
import { prepareColumns, type ComparedColumn, type CompareContext } from './compareColumns';
import { failuresOf, findingsOf, type FailedColumn } from './findings';
import { pairColumns, type ColumnPair } from './pairs';
import type { DriftRows } from './rows';
import type { StageColumn } from '../schema';
import { withNarrow } from './narrow';
import { unmeasured } from './unmeasured';
import { windowsOf, type TimeWindow } from './windows';

export interface CompareOptions {
  /** `all` metrics, or the deciding one and PSI. */
  readonly metrics: 'deciding' | 'all';
  /** As findings name it. */
  readonly dataset?: string;
  /** Columns that the config of the dataset declares: their findings stand there. */
  readonly configColumns?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Pick<DriftProgress, 'step' | 'detail' | 'fraction'>) => void;
}

/** What rows decide about the document of a comparison; whether their schemas are compatible is told elsewhere. */
export type Compared = Pick<Drift, 'columns' | 'summary' | 'windows' | 'findings'> & {
  readonly schema: Omit<Drift['schema'], 'breaking'>;
};

/** Columns that are counted together; what they need is held meanwhile. */
const COLUMNS_AT_ONCE = 50;

/**
 * Nothing in the result depends on the order of the rows or the number of threads. A column that cannot be read or compared
 * is a finding, and the others are whole; where that is every column, it throws what went wrong. Throws `drift-no-rows` where a side has
 * none, `drift-window` where the column of times is not there or makes too many windows, and when cancelled.
 */
export async function compareRows(
  baseline: DriftRows,
  current: DriftRows,
  settings: DriftSettings,
  options: CompareOptions,
): Promise<Compared> {
  refuseEmpty('baseline', baseline);
  refuseEmpty('current side', current);
  const { metrics, signal, onProgress } = options;
  const pairs = pairColumns(baseline.columns, current.columns);
  const windows = settings.window ? await windowsOf(current, settings.window) : undefined;
  const compared: ComparedColumn[] = [];
  const parts: ComparedColumn[][] = windows?.all.map(() => []) ?? [];
  const failed: FailedColumn[] = [];
  const rounds = 1 + parts.length;
  let done = 0;
  let furthest = 0;
  /** @param round which of the whole and the windows is compared now; `share` of it is done */
  const report = (columns: readonly ColumnPair[], round: number, share: number, detail?: string) => {
    if (signal.aborted) throw cancelled();
    // Columns that are compared again, each alone, are no step back.
    furthest = Math.max(furthest, (done + ((round + share) / rounds) * columns.length) / pairs.both.length);
    const step = round === 0 ? 'columns' : 'windows';
    onProgress({ step, fraction: furthest, ...(detail !== undefined && { detail }) });
  };
  const compareBatch = (batch: readonly ColumnPair[]) =>
    withNarrow({ baseline, current }, batch, windows, async (rows, within) => {
      const context: CompareContext = {
        ...{ database: current.database, settings, metrics, signal },
        onProgress: (share, detail) => report(batch, 0, share, detail),
      };
      const first = batch[0]?.current.name;
      report(batch, 0, 0, first);
      const prepared = await prepareColumns(context, rows, batch);
      try {
        const whole = await prepared.whole();
        const ofWindows: ComparedColumn[][] = [];
        for (const [index, window] of within.entries()) {
          report(batch, 1 + index, 0, first);
          // Of the times themselves a window has some by its nature.
          const own = await prepared.part(window);
          ofWindows.push(own.filter(({ plan }) => plan.pair.current.name !== settings.window?.column));
        }
        return { whole, ofWindows };
      } finally {
        await prepared.release();
      }
    });
  const keep = ({ whole, ofWindows }: Awaited<ReturnType<typeof compareBatch>>) => {
    compared.push(...whole);
    for (const [index, columns] of ofWindows.entries()) parts[index]?.push(...columns);
  };
  const compareEach = async (batch: readonly ColumnPair[]) => {
    for (const pair of batch) {
      try {
        keep(await compareBatch([pair]));
      } catch (error) {
        refuseFatal(error);
        failed.push({ column: pair.current, error });
      }
    }
  };
  for (const batch of inBatches(pairs.both, COLUMNS_AT_ONCE)) {
    try {
      keep(await compareBatch(batch));
    } catch (error) {
      refuseFatal(error);
      await compareEach(batch);
    }
    done += batch.length;
  }
  // That is about more than a column.
  if (compared.length === 0 && failed[0]) throw failed[0].error;
  const both = assemble(compared, settings);
  const columns = sorted([...both, ...unmeasured(pairs, failed, settings)], current.columns);
  const summary = verdictOf(columns, settings.share);
  return {
    columns,
    schema: {
      added: pairs.added.map(({ name }) => name),
      removed: pairs.removed.map(({ name }) => name),
      retyped: compared
        .filter(({ plan }) => isRetyped(plan))
        .map(({ plan: { pair } }) => ({
          ...{ name: pair.current.name, baseline: pair.baseline.type, current: pair.current.type },
        })),
    },
    summary,
    ...(windows && { windows: windows.all.map((window, index) => windowOf(window, parts[index] ?? [], settings)) }),
    findings: [
      ...failuresOf(
        failed.filter(({ column }) => settings.columns[column.name]?.muted !== true),
        placesOf(options, settings),
      ),
      ...findingsOf(columns, summary, placesOf(options, settings)),
    ],
  };
}

function refuseEmpty(side: string, { rows }: DriftRows): void {
  if (rows > 0) return;
  throw new MldataError(
    'buildFailed',
    'drift-no-rows',
    `The ${side} has no rows, so that there is nothing to compare.`,
  );
}

/** Most drifted first, then by their place in the current side; removed ones come last of theirs. */
function sorted(columns: readonly DriftColumn[], current: readonly StageColumn[]): DriftColumn[] {
  const places = new Map(current.map(({ name }, index) => [name, index]));
  const place = ({ name }: DriftColumn) => places.get(name) ?? places.size;
  return [...columns].sort((a, b) => rankOf(b.status) - rankOf(a.status) || place(a) - place(b));
}

function windowOf(
  { from, to, rows }: TimeWindow,
  parts: readonly ComparedColumn[],
  settings: DriftSettings,
): NonNullable<Drift['windows']>[number] {
  const columns = assemble(parts, settings);
  return {
    ...{ from, to, rows },
    summary: verdictOf(columns, settings.share),
    columns: columns.map(({ name, status, decidedBy, value, missing }) => ({
      ...{ name, status },
      ...(decidedBy !== undefined && { decidedBy }),
      ...(value !== undefined && { value }),
      missing: missing?.current ?? 0,
    })),
  };
}

/** Where the config speaks of a column: where it says how to compare it, else where it declares it. */
function placesOf({ dataset, configColumns }: CompareOptions, { columns }: DriftSettings) {
  const whole: ConfigPath | undefined = dataset === undefined ? undefined : ['datasets', dataset, 'drift'];
  return {
    dataset,
    whole,
    of: (name: string): ConfigPath | undefined => {
      if (!whole || dataset === undefined) return undefined;
      if (columns[name]) return [...whole, 'columns', name];
      return configColumns?.includes(name) ? ['datasets', dataset, 'schema', 'columns', name] : whole;
    },
  };
}
