/** Another name for a column: in the schema, the steps, the split, the checks, and where SQL surely means it. */
import { l10n, WorkspaceEdit } from 'vscode';
import type { Position, Range, RenameProvider, TextDocument } from 'vscode';
import { renameColumn, renameProblem, topicAt, usesOf, type Topic } from '../../config/language';
import { editorRange, type ConfigTexts } from './configTexts';

export class Renaming implements RenameProvider {
  constructor(private readonly texts: ConfigTexts) {}

  prepareRename(document: TextDocument, position: Position): { range: Range; placeholder: string } {
    const topic = this.column(document, position);
    return { range: editorRange(document, topic.range), placeholder: topic.name };
  }

  provideRenameEdits(document: TextDocument, position: Position, name: string): WorkspaceEdit {
    const topic = this.column(document, position);
    const { document: content } = this.texts.of(document);
    const column = usesOf(content, topic.use);
    const problem = column && renameProblem(content.data, column, name);
    if (problem === 'empty') throw new Error(l10n.t('A column needs a name.'));
    if (problem === 'taken') throw new Error(l10n.t('There already is a column {0}.', name));
    if (problem === 'derived')
      throw new Error(l10n.t('A step names {0} after another column: rename that one, or this by hand.', topic.name));
    if (problem === 'referenced')
      throw new Error(l10n.t('A foreign key or a join names the column {0} too: rename it by hand.', topic.name));
    if (content.problems.length > 0) throw new Error(l10n.t('The configuration has errors. Correct them first.'));
    const edits = renameColumn(document.getText(), content, topic.use, name);
    if (edits === undefined)
      throw new Error(l10n.t('Something else in the configuration would change with it: rename it by hand.'));
    const edit = new WorkspaceEdit();
    for (const { range, text, doubtful } of edits) {
      // In SQL a name may mean something else, and so may one that a step makes of the rows; VS Code shows such places and asks.
      const metadata = doubtful
        ? { needsConfirmation: true, label: l10n.t('See whether the column is meant') }
        : undefined;
      edit.replace(document.uri, editorRange(document, range), text, metadata);
    }
    return edit;
  }

  private column(document: TextDocument, position: Position): Extract<Topic, { kind: 'column' }> {
    const { document: content } = this.texts.of(document);
    const topic = topicAt(document.getText(), content, document.offsetAt(position));
    const isColumn = topic?.kind === 'column' && usesOf(content, topic.use) !== undefined;
    if (!isColumn) throw new Error(l10n.t('Only columns can be renamed here.'));
    return topic;
  }
}
