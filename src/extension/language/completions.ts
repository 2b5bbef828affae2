/** What may be typed in a config: keys, values, columns, values of the data, datasets and files. */
import * as path from 'node:path';
import {
  CompletionItem,
  CompletionItemKind,
  FileType,
  l10n,
  MarkdownString,
  SnippetString,
  Uri,
  workspace,
} from 'vscode';
import type { CompletionItemProvider, Position, TextDocument } from 'vscode';
import { isDataFile } from '../../config';
import { completionsAt, pathItems } from '../../config/language';
import type { Completion, PathTyped } from '../../config/language';
import { folderOf, isInside } from '../datasets/paths';
import { rows } from '../format';
import { editorRange } from './configTexts';
import type { SourceLooks } from './sourceLooks';

/** What makes the editor ask, besides letters. */
export const COMPLETION_TRIGGERS = [' ', ':', '-', '[', '{', ',', '/', '"', "'"];

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  step: CompletionItemKind.Function,
  value: CompletionItemKind.EnumMember,
  column: CompletionItemKind.Field,
  observed: CompletionItemKind.Constant,
  dataset: CompletionItemKind.Module,
};

export class Completions implements CompletionItemProvider {
  constructor(private readonly looks: Pick<SourceLooks, 'of'>) {}

  async provideCompletionItems(document: TextDocument, position: Position): Promise<CompletionItem[]> {
    const text = document.getText();
    const found = completionsAt(text, document.offsetAt(position), (dataset) => this.looks.of(document.uri, dataset));
    if (found === undefined) return [];
    const range = editorRange(document, found.range);
    const typed = document.getText(range);
    const quote = /^["']/.exec(typed)?.[0] ?? '';
    const items = found.items.map((each) => itemOf(each, quote));
    if (found.path !== undefined) items.push(...(await files(document.uri, found.path, quote)));
    return items.map((item, index) => Object.assign(item, { range, sortText: String(index).padStart(5, '0') }));
  }
}

function itemOf(
  { kind, label, insert, detail, count, documentation, again }: Completion,
  quote: string,
): CompletionItem {
  const item = new CompletionItem(label, kinds[kind]);
  item.insertText = new SnippetString(insert);
  item.filterText = quote + label;
  const facts = count === undefined ? detail : rows(count);
  if (facts !== undefined) item.detail = facts;
  if (documentation !== undefined && documentation !== '') item.documentation = new MarkdownString(documentation);
  if (again === true) item.command = suggest;
  return item;
}

const suggest = { command: 'editor.action.triggerSuggest', title: '' };

/** What lies in the folder that is typed so far; nothing outside the opened folders is listed. */
async function files(config: Uri, typed: PathTyped, quote: string): Promise<CompletionItem[]> {
  const base = typed.typed.slice(0, typed.typed.lastIndexOf('/') + 1);
  const folder = Uri.joinPath(folderOf(config), base);
  if (path.posix.isAbsolute(base) || base.includes('\\') || base.includes(':') || !isInside(folder)) return [];
  const entries = await workspace.fs.readDirectory(folder).then(
    (found) => found,
    () => [],
  );
  const known = entries.map(([name, type]) => ({
    name,
    // A link may lead out of the opened folders: it is named, and not followed.
    isFolder: type === FileType.Directory,
    isData: (type & FileType.File) !== 0 && isDataFile(name),
  }));
  return pathItems(typed, known).map(({ path: file, isFolder }) => {
    const item = new CompletionItem(file, isFolder ? CompletionItemKind.Folder : CompletionItemKind.File);
    item.insertText = new SnippetString(typed.write(file));
    item.filterText = quote + file;
    if (isFolder) {
      item.detail = l10n.t('Folder');
      item.command = suggest;
    }
    return item;
  });
}
