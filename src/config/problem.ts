/** A problem found in the config before it has a place in the text: what `Finding`s are made from. */
import type { ConfigPath, Severity } from '../protocol';

/** The code of every finding that the config can have; documented in docs/findings.md. */
export type ConfigCode =
  | 'yaml-syntax'
  | 'yaml-too-large'
  | 'yaml-too-deep'
  | 'yaml-alias'
  | 'duplicate-key'
  | 'empty-config'
  | 'unknown-key'
  | 'not-supported-yet'
  | 'missing-key'
  | 'invalid-value'
  | 'invalid-name'
  | 'unsupported-version'
  | 'literal-secret'
  | 'no-datasets'
  | 'backslash-path'
  | 'constraint-type'
  | 'contradictory-bounds'
  | 'invalid-pattern'
  | 'unknown-column'
  | 'unknown-dataset'
  | 'dataset-cycle'
  | 'split-ratios'
  | 'split-conflict'
  | 'time-unordered'
  | 'transform-step'
  | 'transform-column'
  | 'transform-order'
  | 'check-column'
  | 'check-parameter'
  | 'drift-parameter'
  | 'tracking-conflict'
  | 'tracking-parameter'
  | 'output-conflict'
  | 'invalid-compression';

export interface Problem {
  readonly code: ConfigCode;
  readonly severity: Severity;
  readonly message: string;
  readonly suggestion?: string;
  /** What the problem is about. */
  readonly path: ConfigPath;
  /** Which end of the entry at `path` is underlined. */
  readonly part: 'key' | 'value';
  /** The dataset that has the problem, where `path` does not say it: it may inherit it from `defaults`. */
  readonly dataset?: string;
}

export type Report = (problem: Problem) => void;
