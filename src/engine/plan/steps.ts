/** The steps of a dataset around its split: what only reads a row before it, what learns from the training rows after it. */
import { deriveSeed, isFitted } from '../../config';
import type { DatasetSpec, TransformSpec } from '../../protocol';

/** A step and its place in the list of the dataset. */
export interface PlacedStep {
  readonly step: TransformSpec;
  readonly index: number;
}

/** From the first step that learns on, all come after the split. */
export function stepsAroundSplit({ transforms = [] }: DatasetSpec): {
  readonly beforeSplit: readonly PlacedStep[];
  readonly afterSplit: readonly PlacedStep[];
} {
  const placed = transforms.map((step, index) => ({ step, index }));
  const first = placed.findIndex(({ step }) => isFitted(step));
  return first === -1
    ? { beforeSplit: placed, afterSplit: [] }
    : { beforeSplit: placed.slice(0, first), afterSplit: placed.slice(first) };
}

/** What is drawn at random in the steps of a dataset. */
export function seedOf({ name, split }: DatasetSpec): number {
  return split?.seed ?? deriveSeed(name);
}
