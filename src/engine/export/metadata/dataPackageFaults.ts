/** What the published profile of data packages (version 2) asks for, and what holds of the files that are there. */
import * as z from 'zod';
import type { ExportedFile } from '../../../protocol';

/** Never upwards, and never from the root. */
const path = z.string().regex(/^(?![./~])(?!.*(^|\/)\.\.(\/|$))[^\\]+$/);

const descriptorSchema = z.looseObject({
  $schema: z.literal('https://datapackage.org/profiles/2.0/datapackage.json'),
  name: z.string().regex(/^[-a-z0-9._/]+$/),
  homepage: z.url().optional(),
  created: z.iso.datetime({ offset: true }).optional(),
  keywords: z.array(z.string()).min(1).optional(),
  contributors: z
    .array(z.strictObject({ title: z.string() }))
    .min(1)
    .optional(),
  licenses: z
    .array(
      z
        .strictObject({
          name: z
            .string()
            .regex(/^[-a-zA-Z0-9._]+$/)
            .optional(),
          path: z.url().optional(),
          title: z.string().optional(),
        })
        .refine((license) => license.name !== undefined || license.path !== undefined),
    )
    .min(1)
    .optional(),
  resources: z
    .array(
      z.looseObject({
        name: z.string().regex(/^[-a-z0-9._/]+$/),
        path,
        bytes: z.int().nonnegative(),
        hash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
        schema: z.looseObject({ fields: z.array(z.looseObject({ name: z.string(), type: z.string() })).min(1) }),
      }),
    )
    .min(1),
});

/** Nothing where it is as it should be. */
export function dataPackageFaults(descriptor: unknown, files: readonly ExportedFile[]): string[] {
  const { data, error } = descriptorSchema.safeParse(descriptor);
  if (error) return error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  const names = data.resources.map(({ name }) => name);
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two resources are called ${name}`),
    ...data.resources.flatMap((resource) => {
      const written = files.find((file) => file.path === resource.path);
      const isThat = written?.bytes === resource.bytes && resource.hash === `sha256:${written.sha256}`;
      return isThat ? [] : [`${resource.path} is not what was written`];
    }),
  ];
}
