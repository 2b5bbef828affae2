/** What is compared of texts, lists, vectors, images and recordings, in words. */
import * as l10n from '@vscode/l10n';

/** A property that has no word here is called what it is. */
export function propertyWord(name: string): string {
  const words: Readonly<Record<string, string>> = {
    length: l10n.t('length'),
    words: l10n.t('words'),
    unseenWords: l10n.t('words not in the baseline'),
    letters: l10n.t('letters'),
    norm: l10n.t('norm'),
    width: l10n.t('width'),
    height: l10n.t('height'),
    format: l10n.t('format'),
    elements: l10n.t('elements'),
    duration: l10n.t('duration'),
  };
  return words[name] ?? name;
}
