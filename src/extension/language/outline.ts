/** The outline of a config, and what of it can be folded. */
import { DocumentSymbol, FoldingRange, FoldingRangeKind, SymbolKind } from 'vscode';
import type { DocumentSymbolProvider, FoldingRangeProvider, TextDocument } from 'vscode';
import { foldsOf, symbolsOf, type ConfigSymbol } from '../../config/language';
import { editorRange, type ConfigTexts } from './configTexts';

const kinds: Readonly<Record<ConfigSymbol['kind'], SymbolKind>> = {
  dataset: SymbolKind.Class,
  section: SymbolKind.Namespace,
  source: SymbolKind.File,
  column: SymbolKind.Field,
  step: SymbolKind.Function,
  split: SymbolKind.Enum,
  check: SymbolKind.Event,
};

export class Outline implements DocumentSymbolProvider {
  constructor(private readonly texts: ConfigTexts) {}

  provideDocumentSymbols(document: TextDocument): DocumentSymbol[] {
    const symbol = ({ kind, name, detail, range, selection, children }: ConfigSymbol): DocumentSymbol => {
      // A column may have no name, an entry of the outline must.
      const label = name.trim() === '' ? '“”' : name;
      const whole = editorRange(document, range);
      const made = new DocumentSymbol(label, detail, kinds[kind], whole, editorRange(document, selection));
      made.children = children.map(symbol);
      return made;
    };
    return symbolsOf(this.texts.of(document).document).map(symbol);
  }
}

export class Folding implements FoldingRangeProvider {
  constructor(private readonly texts: ConfigTexts) {}

  provideFoldingRanges(document: TextDocument): FoldingRange[] {
    return foldsOf(document.getText(), this.texts.of(document).document).map(({ from, to, kind }) => {
      const fold = kind && { comment: FoldingRangeKind.Comment, region: FoldingRangeKind.Region }[kind];
      return new FoldingRange(from, to, fold);
    });
  }
}
