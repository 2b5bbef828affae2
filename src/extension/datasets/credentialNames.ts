/** The credentials that configs name, and those that belong to what they name. */
import { credentialNamesIn, writtenAddresses } from '../../config';
import type { WrittenAddress } from '../../config';
import type { Config, Dataset } from './model';

/** Of all configs: wherever one is named. */
export function credentialsOfConfigs(configs: readonly Config[]): string[] {
  const named = configs.flatMap(({ parsed: { document } }) => [
    ...credentialNamesIn(document.data),
    ...credentialsOf(writtenAddresses(document.data)),
  ]);
  return [...new Set(named)].sort();
}

/** Of the source of one dataset. */
export function credentialsOfDataset(configs: readonly Config[], { config, name }: Pick<Dataset, 'config' | 'name'>) {
  const { parsed } = configs.find(({ uri }) => uri.toString() === config.toString()) ?? {};
  return credentialsOf(writtenAddresses(parsed?.document.data).filter(({ dataset }) => dataset === name));
}

/** A dataset of Hugging Face names none, and its token has one all the same. */
function credentialsOf(addresses: readonly WrittenAddress[]): string[] {
  const texts = addresses.map(({ text }) => text);
  return [...credentialNamesIn(texts), ...(texts.some((text) => /^hf:/i.test(text)) ? ['huggingface'] : [])];
}
