/** As whom the Hub is asked, in the order in which its own programs look. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Undefined where nobody is signed in. */
export async function hubToken(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { HF_TOKEN, HF_TOKEN_PATH, HF_HOME, XDG_CACHE_HOME, HOME, USERPROFILE } = environment;
  const cache = XDG_CACHE_HOME || join(HOME || USERPROFILE || homedir(), '.cache');
  const file = HF_TOKEN_PATH || join(HF_HOME || join(cache, 'huggingface'), 'token');
  const token = HF_TOKEN?.trim() || (await readFile(file, 'utf8').catch(() => '')).trim();
  return token === '' ? undefined : token;
}
