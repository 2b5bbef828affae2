/** What the command line prints with `--json` where there is no other document to print. */
import * as z from 'zod';
import { documentFields } from './document';
import { findingSchema } from './finding';

export const errorReportSchema = z.strictObject({
  ...documentFields('mldata/error'),
  error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string(), findings: z.array(findingSchema) }),
});
export type ErrorReport = z.infer<typeof errorReportSchema>;
