/** Columns with the role of a target or an identifier stand out wherever a config names them. */
import { ThemeColor, window, workspace } from 'vscode';
import type { Range, TextDocument, TextEditor, TextEditorDecorationType } from 'vscode';
import { columnsOf, declaredColumns, rangesOf } from '../../config/language';
import { isConfig } from '../datasets/paths';
import { Disposable } from '../disposable';
import { editorRange, type ConfigTexts } from './configTexts';

/** Long enough for a typed word to be one change. */
const DEBOUNCE_MS = 150;

const roles = ['target', 'id'] as const;
type Role = (typeof roles)[number];

export class RoleDecorations extends Disposable {
  /** Weight and slant tell them apart without colour. */
  private readonly types: Readonly<Record<Role, TextEditorDecorationType>> = {
    target: this._register(
      window.createTextEditorDecorationType({ color: new ThemeColor('mldata.targetColumn'), fontWeight: 'bold' }),
    ),
    id: this._register(
      window.createTextEditorDecorationType({ color: new ThemeColor('mldata.idColumn'), fontStyle: 'italic' }),
    ),
  };
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly texts: ConfigTexts) {
    super();
    this._register(window.onDidChangeVisibleTextEditors(() => this.show()));
    this._register(workspace.onDidChangeTextDocument(({ document }) => isConfig(document.uri) && this.schedule()));
    this._register({ dispose: () => clearTimeout(this.timer) });
    this.show();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), DEBOUNCE_MS);
  }

  private show(): void {
    for (const editor of window.visibleTextEditors) if (isConfig(editor.document.uri)) this.decorate(editor);
  }

  private decorate(editor: TextEditor): void {
    const ranges = roleRanges(editor.document, this.texts);
    for (const role of roles) editor.setDecorations(this.types[role], ranges[role]);
  }
}

/** Where columns of each role are named. */
export function roleRanges(document: TextDocument, texts: ConfigTexts): Record<Role, Range[]> {
  const { document: content } = texts.of(document);
  const text = document.getText();
  const found: Record<Role, Range[]> = { target: [], id: [] };
  const declared = new Map<string | undefined, ReturnType<typeof declaredColumns>>();
  for (const { dataset, uses } of columnsOf(content.data)) {
    const name = uses.find(({ declares }) => declares)?.name;
    if (name === undefined) continue;
    const columns = declared.get(dataset) ?? declaredColumns(content.data, dataset);
    declared.set(dataset, columns);
    const role = columns.get(name)?.role;
    const known = roles.find((each) => each === role);
    if (known === undefined) continue;
    for (const { use, range } of rangesOf(text, content, uses)) {
      // Of SQL in quotes the place of a name in it is not known.
      const isName = use.sql === undefined || range.end - range.start <= use.name.length + 2;
      if (isName) found[known].push(editorRange(document, range));
    }
  }
  return found;
}
