/** The part of the package that is used; it brings no types of its own. */
declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector';

  interface ProcessCoverage {
    readonly result: Profiler.ScriptCoverage[];
  }

  export function mergeProcessCovs(processes: readonly ProcessCoverage[]): ProcessCoverage;
}
