/** Secrets as documents tell of them: their names, where they were found and whether they are taken. Never what they are. */
import * as z from 'zod';
import { documentFields } from './document';

/**
 * `unchecked`: it is set, and nobody could be asked whether it is right: nothing in the config uses it, or the network or
 * the server cannot be reached.
 */
export const credentialStates = ['valid', 'expired', 'invalid', 'missing', 'unchecked'] as const;
export type CredentialState = (typeof credentialStates)[number];

export const credentialStatusSchema = z.strictObject({
  /** As a config writes it, such as `${credential:warehouse}`; of a tool, its name: `huggingface`, `aws`. */
  name: z.string(),
  state: z.enum(credentialStates),
  /** `environment`, `editor`, `keyring`, or the file or variable of a tool. */
  from: z.string().optional(),
  message: z.string(),
  /** The datasets that use it. */
  usedBy: z.array(z.string()),
});
export type CredentialStatus = z.infer<typeof credentialStatusSchema>;

export const credentialsSchema = z.strictObject({
  ...documentFields('mldata/credentials'),
  credentials: z.array(credentialStatusSchema),
});
export type CredentialsReport = z.infer<typeof credentialsSchema>;

export interface CredentialsRequest {
  /** Absolute path of the config file; absent: there is none. */
  readonly configPath?: string;
  /** A dataset, a credential, `huggingface` or `aws`; absent: all that the config uses. */
  readonly source?: string;
  /** Whether addresses of this machine and its network may be asked. */
  readonly allowPrivateAddresses?: boolean;
}

/** Keeps a secret in the keyring of the machine. */
export interface KeepCredentialRequest {
  readonly name: string;
  readonly value: string;
}
