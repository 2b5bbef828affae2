/** Whether what mldata works with is there: sources, tools and hosts. */
import * as z from 'zod';
import { documentFields } from './document';

export const doctorStates = ['ok', 'notConfigured', 'failed'] as const;
export type DoctorState = (typeof doctorStates)[number];

export const doctorGroups = ['source', 'tool', 'host'] as const;
export type DoctorGroup = (typeof doctorGroups)[number];

export const doctorCheckSchema = z.strictObject({
  group: z.enum(doctorGroups),
  /** The dataset, the program, or the address of the host. */
  name: z.string(),
  state: z.enum(doctorStates),
  /** What was found, or why it failed. */
  message: z.string(),
  /** Why it failed, for programs. */
  code: z.string().optional(),
  /** What to do. */
  suggestion: z.string().optional(),
  durationMs: z.int().nonnegative(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

export const doctorSchema = z.strictObject({
  ...documentFields('mldata/doctor'),
  /** Absent where there is no config. */
  config: z.string().optional(),
  /** Whether nothing failed. */
  healthy: z.boolean(),
  durationMs: z.int().nonnegative(),
  checks: z.array(doctorCheckSchema),
});
export type Doctor = z.infer<typeof doctorSchema>;

export interface DoctorRequest {
  /** Absolute path of the config file; absent: there is none, and only tools are looked for. */
  readonly configPath?: string;
  /** Where tools are looked for; absent: the config's folder. */
  readonly folder?: string;
  /** The Python to ask, as a command line; absent: `python3` or `python` of the PATH. */
  readonly python?: readonly string[];
  /** Whether addresses of this machine and its network may be asked. */
  readonly allowPrivateAddresses?: boolean;
  readonly allowOutsidePaths?: boolean;
}
