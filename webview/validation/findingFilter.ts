/** Which findings are shown, in which order. */
import type { CheckName, QualityFinding, Severity } from '../../src/protocol';

export const sortKeys = ['severity', 'check', 'column', 'count'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface FindingsView {
  readonly search: string;
  /** Only these; empty: all. */
  readonly severities: readonly Severity[];
  readonly check: CheckName | '';
  readonly column: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export const wholeView: FindingsView = {
  search: '',
  severities: [],
  check: '',
  column: '',
  sort: 'severity',
  descending: false,
};

/** A finding, and its position in the document, by which the editor knows it. */
export interface PlacedFinding {
  readonly finding: QualityFinding;
  readonly at: number;
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Equal ones keep the order of the document; what has no column or count comes last, upwards and downwards. */
export function shownFindings(findings: readonly QualityFinding[], view: FindingsView): PlacedFinding[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const placed = findings
    .map((finding, at) => ({ finding, at }))
    .filter(({ finding }) => {
      const text = textOf(finding);
      return (
        (view.severities.length === 0 || view.severities.includes(finding.severity)) &&
        (view.check === '' || finding.check === view.check) &&
        (view.column === '' || finding.column === view.column) &&
        words.every((word) => text.includes(word))
      );
    });
  return placed.sort((a, b) => compare(keyOf(a.finding, view.sort), keyOf(b.finding, view.sort), view.descending));
}

function keyOf(finding: QualityFinding, by: SortKey): string | number | undefined {
  return by === 'severity' ? rank[finding.severity] : finding[by];
}

function compare(a: string | number | undefined, b: string | number | undefined, descending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return descending ? -order : order;
}

function textOf({
  code,
  check,
  column = '',
  split = '',
  message,
  suggestion = '',
  samples = [],
}: QualityFinding): string {
  return [code, check, column, split, message, suggestion, ...samples].join('\n').toLowerCase();
}
