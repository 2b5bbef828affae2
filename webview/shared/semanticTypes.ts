/** What columns mean, in words and pictures. */
import * as l10n from '@vscode/l10n';
import type { SemanticType } from '../../src/protocol';

export const typeIcons: Readonly<Record<SemanticType, string>> = {
  numeric: 'symbol-numeric',
  boolean: 'symbol-boolean',
  categorical: 'symbol-enum',
  text: 'symbol-string',
  datetime: 'calendar',
  identifier: 'key',
  list: 'symbol-array',
  embedding: 'symbol-ruler',
  struct: 'symbol-object',
  image: 'file-media',
  audio: 'unmute',
  empty: 'circle-slash',
};

export function typeWord(type: SemanticType): string {
  const words: Readonly<Record<SemanticType, string>> = {
    numeric: l10n.t('numeric'),
    boolean: l10n.t('boolean'),
    categorical: l10n.t('categorical'),
    text: l10n.t('text'),
    datetime: l10n.t('time'),
    identifier: l10n.t('identifier'),
    list: l10n.t('list'),
    embedding: l10n.t('embedding'),
    struct: l10n.t('struct'),
    image: l10n.t('image'),
    audio: l10n.t('audio'),
    empty: l10n.t('empty'),
  };
  return words[type];
}
