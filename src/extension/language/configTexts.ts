/** The configs in editors, each read once for every version of its text, for all that looks at them. */
import { Range } from 'vscode';
import type { DocumentSelector, TextDocument } from 'vscode';
import { CONFIG_FILES, parseConfig } from '../../config';
import type { ParsedConfig } from '../../config';

export const configSelector: DocumentSelector = CONFIG_FILES.map((name) => ({ pattern: `**/${name}` }));

export class ConfigTexts {
  private readonly read = new WeakMap<TextDocument, { readonly version: number; readonly parsed: ParsedConfig }>();

  of(document: TextDocument): ParsedConfig {
    const known = this.read.get(document);
    if (known?.version === document.version) return known.parsed;
    const parsed = parseConfig(document.getText(), document.uri.fsPath);
    this.read.set(document, { version: document.version, parsed });
    return parsed;
  }
}

/** From offsets of the text to places of the editor. */
export function editorRange(document: TextDocument, { start, end }: { readonly start: number; readonly end: number }) {
  return new Range(document.positionAt(start), document.positionAt(end));
}
