/** Values as texts for a screen. */
import { asVarchar, columnTypeOf, type StageColumn } from '../schema';

/** SQL for a value as text, null where it is missing: nested ones as JSON, NaN and the infinities by these names. */
export function wholeText({ id, physicalType }: Pick<StageColumn, 'id' | 'physicalType'>, value = id): string {
  if (physicalType !== 'FLOAT' && physicalType !== 'DOUBLE') return asVarchar(value, physicalType);
  return (
    `CASE WHEN ${value} IS NULL THEN NULL WHEN isfinite(${value}) THEN CAST(${value} AS VARCHAR) ` +
    `WHEN isnan(${value}) THEN 'NaN' WHEN ${value} > 0 THEN 'Infinity' ELSE '-Infinity' END`
  );
}

/** SQL for the beginning of it: one character more than asked for, where there is more. */
export function beginning(column: StageColumn, characters: number): string {
  const { id, physicalType } = column;
  if (physicalType.endsWith(']')) {
    // Each element takes a character and a comma at least: of a long list only so many are written out.
    const elements = Math.ceil(characters / 2) + 1;
    const list = physicalType.endsWith('[]') ? id : `CAST(${id} AS ${physicalType.replace(/\[\d+\]$/, '[]')})`;
    return `left(${wholeText(column, `list_slice(${list}, 1, ${elements})`)}, ${characters + 1})`;
  }
  const text = wholeText(column);
  const type = columnTypeOf(physicalType);
  const mayBeLong = type === 'string' || type === 'object' || type === 'any';
  return mayBeLong ? `left(${text}, ${characters + 1})` : text;
}

/** The first characters, and whether there are more: a text may have one for two units. */
export function cutOff(text: string, characters: number): { text: string; cut: boolean } {
  if (text.length <= characters) return { text, cut: false };
  const all = Array.from(text);
  return all.length <= characters ? { text, cut: false } : { text: all.slice(0, characters).join(''), cut: true };
}
