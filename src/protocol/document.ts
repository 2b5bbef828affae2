/** What every document of mldata begins with. */
import * as z from 'zod';

export const toolSchema = z.strictObject({ name: z.literal('mldata'), version: z.string() });

/** @param kind such as `mldata/build` */
export function documentFields<Kind extends string>(kind: Kind) {
  return { kind: z.literal(kind), version: z.literal(1), generatedAt: z.string(), tool: toolSchema };
}
