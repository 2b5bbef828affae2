/** The token of Hugging Face, where its own tools keep it. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { Credentials } from './credentials';
import { remember } from './redact';

/** The credential that stands for it where the tools have none. */
export const HUGGING_FACE = 'huggingface';

export interface ToolSecret {
  readonly value: string;
  /** For people: an environment variable, a file, or the keyring. */
  readonly from: string;
}

/** In the order of `huggingface_hub`, and between the two `mldata auth login huggingface`. Undefined where there is none. */
export async function huggingFaceToken(
  credentials: Credentials,
  home: string = credentials.environment['HOME'] || credentials.environment['USERPROFILE'] || homedir(),
  signal?: AbortSignal,
): Promise<ToolSecret | undefined> {
  const { environment } = credentials;
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const value = environment[name]?.trim();
    if (value) return told({ value, from: name });
  }
  // Without a keyring there may still be a file.
  const own = await credentials.find({ kind: 'credential', name: HUGGING_FACE }, signal).catch(() => undefined);
  if (own) return own;
  const cache = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const folder = environment['HF_HOME'] || join(cache, 'huggingface');
  const file = environment['HF_TOKEN_PATH'] || join(folder, 'token');
  const value = (await readFile(file, 'utf8').catch(() => '')).trim();
  return value === '' ? undefined : told({ value, from: file });
}

function told(secret: ToolSecret): ToolSecret {
  remember(secret.value);
  return secret;
}
