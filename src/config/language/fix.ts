/** What mends a finding, and what is known to find it. */
import type { ConfigPath, DriftMeasure, Finding, SourceLook } from '../../protocol';
import { setValue } from './change';
import { declaredColumns, withinDataset, type Declared } from './columns';

/** What a fix does, for its title. */
export type Deed =
  | { readonly does: 'replace'; readonly from: string; readonly to: string }
  | { readonly does: 'quote'; readonly value: string }
  | { readonly does: 'add'; readonly entry: string }
  | { readonly does: 'remove'; readonly key: string }
  | { readonly does: 'swap'; readonly low: string; readonly high: string }
  | { readonly does: 'declare'; readonly column: string; readonly type: string }
  | { readonly does: 'allow'; readonly values: readonly string[] }
  | { readonly does: 'widen'; readonly key: string; readonly to: string }
  | { readonly does: 'quarantine' }
  | { readonly does: 'mute'; readonly column: string }
  /** `to` is the lowest of the new levels. */
  | { readonly does: 'raise'; readonly measure: DriftMeasure; readonly column: string; readonly to: string };

export interface Fix {
  readonly deed: Deed;
  /** The whole text afterwards. */
  readonly text: string;
  /** Whether it is what was meant, beyond doubt: what is read stays the same but for the mistake. */
  readonly safe: boolean;
  /** Whether it is the likeliest of several. */
  readonly preferred: boolean;
}

/** What is known where a finding stands. */
export interface Case {
  readonly finding: Finding;
  readonly path: ConfigPath;
  readonly text: string;
  readonly data: unknown;
  readonly look: SourceLook | undefined;
}

/** A fix that may turn out not to be possible. */
export interface Attempt {
  readonly deed: Deed;
  readonly text: string | undefined;
  readonly safe?: boolean;
  readonly preferred?: boolean;
}

/** Another value in the place of one. */
export function replace(text: string, path: ConfigPath, from: string, to: string, value: unknown = to): Attempt {
  return { deed: { does: 'replace', from, to }, text: setValue(text, path, value), preferred: true };
}

/** The declared column that a finding is about, wherever it is declared. */
export function columnOf({ finding, path, data }: Pick<Case, 'finding' | 'path' | 'data'>): Declared | undefined {
  const within = withinDataset(path);
  const [section, columns, name] = within?.rest ?? [];
  const named = section === 'schema' && columns === 'columns' ? String(name) : finding.column;
  return named === undefined ? undefined : declaredColumns(data, within?.dataset ?? finding.dataset).get(named);
}
