/** One more dataset in the text of a config, without any secret that stands in its address. */
import { datasetNamePattern, MldataError, type Finding, type NewSource } from '../../protocol';
import { datasetNameFor } from '../datasetName';
import { readDocument } from '../document';
import { editConfig } from '../edit';
import { parseConfig } from '../parse';
import { moveSecret } from './moveSecret';
import { valueAt } from './place';

export interface AddedDataset {
  readonly name: string;
  /** The whole text afterwards. */
  readonly text: string;
  /** The lines of the dataset in it. */
  readonly entry: string;
  /** With references in the place of secrets. */
  readonly source: NewSource;
  /** What those stand for, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

const NEW_CONFIG = 'version: 1\n';

/**
 * Throws `name-invalid`, `dataset-exists`, `config-invalid` where the text has errors of its own, `edit-refused`,
 * `secret-in-address` where a secret cannot be named instead, and `source-refused` for a source that no config takes.
 * @param text undefined: there is no config yet
 * @param file of the config, for messages
 * @param wanted absent: a free name after the source
 */
export function addDataset(text: string | undefined, file: string, source: NewSource, wanted?: string): AddedDataset {
  const before = text === undefined || text.trim() === '' ? NEW_CONFIG : text;
  const { findings, datasetNames } = parseConfig(before, file);
  if (findings.some(({ code }) => code.startsWith('yaml-') || code === 'duplicate-key'))
    throw new MldataError('config', 'config-invalid', `${file} has errors. Correct them first.`, findings);
  const name = wanted ?? datasetNameFor(source, datasetNames);
  refuseName(name, datasetNames, file);
  const added = editConfig(before, ['datasets', name, 'source'], written(source));
  if (added === undefined) {
    const message = `${file} cannot be changed in one place: an alias, an anchor or a list is in the way. Add the dataset by hand.`;
    throw new MldataError('config', 'edit-refused', message);
  }
  const { after, secrets } = withoutSecretsOf(added, name);
  const known = new Set(findings.map(keyOf));
  const wrong = parseConfig(after, file).findings.find(
    (finding) => finding.severity === 'error' && !known.has(keyOf(finding)),
  );
  if (wrong) throw refused(name, wrong, Object.keys(secrets).length > 0);
  const { rangeOf, data } = readDocument(after);
  const { start } = rangeOf(['datasets', name], 'key');
  const { end } = rangeOf(['datasets', name], 'value');
  const lines = after.slice(after.lastIndexOf('\n', start - 1) + 1, end);
  const clean = readSource(valueAt(data, ['datasets', name, 'source']));
  return { name, text: after, entry: `${lines.trimEnd()}\n`, source: clean, secrets };
}

function written({ place, table, query }: NewSource): unknown {
  if (table === undefined && query === undefined) return place;
  return { uri: place, ...(table !== undefined && { table }), ...(query !== undefined && { query }) };
}

function readSource(value: unknown): NewSource {
  if (typeof value === 'string') return { place: value };
  const { uri, ...rows } = value as { uri: string; table?: string; query?: string };
  return { place: uri, ...rows };
}

function refuseName(name: string, taken: readonly string[], file: string): void {
  if (!datasetNamePattern.test(name)) {
    const message = `${JSON.stringify(name)} cannot be the name of a dataset: use letters, digits, \`-\`, \`_\` and dots.`;
    throw new MldataError('usage', 'name-invalid', message);
  }
  if (taken.includes(name))
    throw new MldataError('usage', 'dataset-exists', `${file} has a dataset ${name} already. Choose another name.`);
}

function withoutSecretsOf(text: string, name: string): { after: string; secrets: Record<string, string> } {
  const secrets: Record<string, string> = {};
  let after = text;
  for (const rest of [[], ['uri'], ['query']]) {
    for (;;) {
      const moved = moveSecret(after, ['datasets', name, 'source', ...rest]);
      if (moved === undefined) break;
      after = moved.text;
      secrets[moved.name] = moved.value;
    }
  }
  return { after, secrets };
}

function keyOf({ code, message, configPath }: Finding): string {
  return JSON.stringify([code, message, configPath]);
}

function refused(name: string, { message, suggestion }: Finding, hadSecrets: boolean): MldataError {
  if (!hadSecrets) {
    const hint = suggestion === undefined ? '' : ` ${suggestion}`;
    return new MldataError('config', 'source-refused', `${name} was not added. ${message}${hint}`);
  }
  return new MldataError(
    'config',
    'secret-in-address',
    `${name} was not added: its address bears a secret, which no config may hold, and it cannot be named there instead (${message.replace(/\.$/, '')}). Use an address without it.`,
  );
}
