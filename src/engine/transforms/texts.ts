/** Parts of SQL for steps that work on text. */
import type { StageColumn } from '../schema';

/** What Unicode and Python take for white space. */
export const WHITE_SPACE =
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

/** The value of a column as text; files may hold texts in types of their own. */
export function asText({ id, physicalType }: StageColumn): string {
  return physicalType === 'VARCHAR' ? id : `CAST(${id} AS VARCHAR)`;
}
