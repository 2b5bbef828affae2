/** How a list of columns is looked at. */

/** What a list of columns is looked at with; pages add what their chips filter by. */
export interface ListView {
  readonly search: string;
  readonly sort: string;
}

/** The values with this one, or without it where it was among them. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}
