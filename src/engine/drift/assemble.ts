/** From what was measured to the columns of the document: p-values corrected, levels held against them, the worst decides. */
import type { DriftSettings } from '../../config';
import { isTest, type DriftColumn, type DriftProperty, type MetricValues } from '../../protocol';
import type { ComparedColumn } from './compareColumns';
import type { Found } from './compareGroup';
import { judge, missingShare, worst, type Judged, type Measured } from './judge';
import { benjaminiHochberg } from './metrics';

/** In the order of the columns. */
export function assemble(columns: readonly ComparedColumn[], settings: DriftSettings): DriftColumn[] {
  const corrected = correction(columns, settings);
  return columns.map((column) => assembleColumn(column, settings, corrected));
}

type Corrected = (measured: Measured) => number | undefined;

/** The p-values that decide are those of many tests at once. */
function correction(columns: readonly ComparedColumn[], settings: DriftSettings): Corrected {
  if (settings.correction === 'none') return () => undefined;
  const tests = columns
    .flatMap(({ own, properties }) => [...(own ? [own] : []), ...properties])
    .flatMap(({ measured }) =>
      isTest(measured.by) && measured.value !== null ? [{ measured, value: measured.value }] : [],
    );
  const adjusted = benjaminiHochberg(tests.map(({ value }) => value));
  const byTest = new Map(tests.map(({ measured }, index) => [measured, adjusted[index]]));
  return (measured) => byTest.get(measured) ?? undefined;
}

function assembleColumn(
  { plan, own, properties, others, missing, more, notes }: ComparedColumn,
  settings: DriftSettings,
  corrected: Corrected,
): DriftColumn {
  const { pair, semantic, retyped } = plan;
  const { name, type } = pair.current;
  const { importance, muted } = settings.columns[name] ?? {};
  const itself = own && comparisonOf(own, corrected);
  const parts = properties.map((each) => ({ name: each.variable.property ?? '', ...comparisonOf(each, corrected) }));
  const lost = missingShare(missing.baseline, missing.current, settings.thresholds.missing);
  const candidates: readonly (Judged & { readonly name?: string })[] = [
    ...(itself ? [itself.judged] : []),
    ...others.map(judge),
    ...parts.map((part) => ({ ...part.judged, name: part.name })),
    lost,
  ];
  const { note: _, name: decidingProperty, ...deciding } = worst(candidates) ?? { ...lost, name: undefined };
  const { status: __, ...comparison } = itself?.written ?? { metrics: {}, conventions: {}, status: 'none' };
  const said = [
    ...notes,
    ...(comparison.notes ?? []),
    ...candidates.flatMap(({ name: of, note }) => (note !== undefined && of === undefined ? [note] : [])),
  ];
  return {
    name,
    type,
    semantic,
    ...(isRetyped(plan) && { baselineType: pair.baseline.type }),
    ...comparison,
    ...(retyped ? { status: 'retyped' } : deciding),
    ...(!retyped && itself && { method: itself.judged.decidedBy }),
    ...(said.length > 0 && { notes: [...new Set(said)] }),
    missing: { baseline: shareOf(missing.baseline), current: shareOf(missing.current) },
    ...(parts.length > 0 && {
      properties: parts.map(({ name: property, written }) => ({ name: property, ...written })),
    }),
    ...(!retyped && decidingProperty !== undefined && { decidingProperty }),
    ...more,
    ...(importance !== undefined && { importance }),
    ...(muted === true && { muted }),
  };
}

/** Of another type than before, as far as both sides have values that tell one. */
export function isRetyped({ pair, looks }: ComparedColumn['plan']): boolean {
  return pair.baseline.type !== pair.current.type && looks.baseline.present > 0 && looks.current.present > 0;
}

interface Comparison {
  readonly judged: Judged;
  readonly written: Omit<DriftProperty, 'name'>;
}

function comparisonOf(found: Found, corrected: Corrected): Comparison {
  const { metrics, conventions, because, bins, summary, density, notes, measured } = found;
  const adjusted = corrected(measured);
  const judged = judge({ ...measured, ...(adjusted !== undefined && { value: adjusted }) });
  const { note, ...decided } = judged;
  const said = [...notes, ...(note === undefined ? [] : [note])];
  return {
    judged,
    written: {
      ...decided,
      metrics: withAdjusted(metrics, measured, adjusted),
      conventions,
      because,
      bins,
      ...(summary && { summary }),
      ...(density && { density }),
      ...(said.length > 0 && { notes: said }),
    },
  };
}

function withAdjusted(metrics: MetricValues, { by }: Measured, adjusted: number | undefined): MetricValues {
  if (adjusted === undefined) return metrics;
  if (by === 'chi2' && metrics.chi2) return { ...metrics, chi2: { ...metrics.chi2, adjusted } };
  if (by === 'ks' && metrics.ks) return { ...metrics, ks: { ...metrics.ks, adjusted } };
  if (by === 'cramerVonMises' && metrics.cramerVonMises)
    return { ...metrics, cramerVonMises: { ...metrics.cramerVonMises, adjusted } };
  return metrics;
}

function shareOf({ count, rows }: { readonly count: number; readonly rows: number }): number {
  return rows === 0 ? 0 : count / rows;
}
