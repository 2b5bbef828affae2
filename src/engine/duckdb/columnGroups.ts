/** A statement over thousands of columns takes the engine's planner far longer than several over some of them. */
const COLUMNS_AT_ONCE = 100000;

/** The columns in groups that one statement can ask about, in their order. */
export function columnGroups<T>(columns: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < columns.length; start += COLUMNS_AT_ONCE)
    groups.push(columns.slice(start, start + COLUMNS_AT_ONCE));
  return groups;
}
