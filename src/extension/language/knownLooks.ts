/** What is known of the sources of one config, and of which of them it is time to ask. */
import type { ParsedConfig } from '../../config';
import type { DatasetSpec, SourceLook } from '../../protocol';

/** Why there is no look: it failed, or the engine stopped meanwhile. */
export type NoLook = 'failed' | 'stopped';

/** Other work may have stopped the engine under a look; one under which it stopped so often is what stops it. */
const MOST_STOPS = 2;

interface Known {
  /** What of the dataset decides what a look says. */
  readonly asked: string;
  readonly look?: SourceLook;
  /** How often in a row the engine stopped when it was asked this. */
  readonly stops: number;
}

export class KnownLooks {
  /** By dataset. */
  private readonly known = new Map<string, Known>();

  of(dataset: string): SourceLook | undefined {
    return this.known.get(dataset)?.look;
  }

  /**
   * Forgets datasets that are not in the config any more; says whether there were any. A text that is no YAML, as while
   * something is half typed, has no datasets, which does not mean that they are gone.
   */
  forgetGone({ drafts, document }: Pick<ParsedConfig, 'drafts' | 'document'>): boolean {
    if (document.problems.length > 0) return false;
    const names = new Set(drafts.map(({ name }) => name));
    const gone = [...this.known.keys()].filter((name) => !names.has(name));
    for (const name of gone) this.known.delete(name);
    return gone.length > 0;
  }

  /**
   * What failed fails again until somebody changes something.
   * @param filesToo whether files may have changed, and not only the text
   */
  isDue(spec: DatasetSpec, parsed: Pick<ParsedConfig, 'datasets'>, filesToo: boolean): boolean {
    const before = this.known.get(spec.name);
    if (before?.asked !== askedOf(spec, parsed)) return true;
    if (before.look !== undefined) return filesToo;
    return before.stops > 0 && before.stops < MOST_STOPS;
  }

  keep(spec: DatasetSpec, parsed: Pick<ParsedConfig, 'datasets'>, outcome: SourceLook | NoLook): void {
    const asked = askedOf(spec, parsed);
    const before = this.known.get(spec.name);
    const stopsBefore = before?.asked === asked ? before.stops : 0;
    this.known.set(spec.name, {
      asked,
      ...(typeof outcome !== 'string' && { look: outcome }),
      stops: outcome === 'stopped' ? stopsBefore + 1 : 0,
    });
  }
}

function askedOf(
  { name, source, schema, split, transforms }: DatasetSpec,
  { datasets }: Pick<ParsedConfig, 'datasets'>,
): string {
  const isSound = datasets.some((dataset) => dataset.name === name);
  return JSON.stringify([source, schema, split, transforms, isSound]);
}
