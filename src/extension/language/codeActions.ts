/** Quick fixes of what is wrong with a config, or between it and its data. */
import { CodeAction, CodeActionKind, l10n, WorkspaceEdit } from 'vscode';
import type { CodeActionContext, CodeActionProvider, Range, TextDocument } from 'vscode';
import { differenceOf, fixAll, fixesFor, rangesAt, type Deed } from '../../config/language';
import type { Finding } from '../../protocol';
import { findingsOf } from '../datasets/findings';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { editorRange, type ConfigTexts } from './configTexts';
import { rangeOf } from './findingDiagnostics';
import type { SourceLooks } from './sourceLooks';

/** Also for `editor.codeActionsOnSave`. */
const FIX_ALL = CodeActionKind.SourceFixAll.append('mldata');

export const CODE_ACTIONS = { providedCodeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] };

export interface FixTools {
  readonly texts: ConfigTexts;
  readonly looks: Pick<SourceLooks, 'of'>;
  readonly store: DatasetStore;
  readonly validations: Validations;
}

export class CodeActions implements CodeActionProvider {
  constructor(private readonly tools: FixTools) {}

  provideCodeActions(document: TextDocument, range: Range, { only, diagnostics }: CodeActionContext): CodeAction[] {
    if (only?.contains(FIX_ALL) === true) return this.fixAll(document);
    const { texts, looks } = this.tools;
    const parsed = texts.of(document);
    const text = document.getText();
    const actions = new Map<string, CodeAction>();
    for (const finding of this.findings(document)) {
      const own = finding.locations?.[0];
      const places = [
        ...rangesAt(text, parsed.document, finding.configPath ?? []).map((at) => editorRange(document, at)),
        ...(own?.file === parsed.path ? [rangeOf(own)] : []),
      ];
      if (!places.some((at) => at.intersection(range) !== undefined)) continue;
      for (const { deed, text: changed, preferred } of fixesFor(finding, text, (name) =>
        looks.of(document.uri, name),
      )) {
        const title = titleOf(deed);
        if (actions.has(title)) continue;
        const action = new CodeAction(title, CodeActionKind.QuickFix);
        action.edit = editTo(document, changed);
        action.isPreferred = preferred;
        action.diagnostics = diagnostics.filter(({ code }) => code === finding.code);
        actions.set(title, action);
      }
    }
    return [...actions.values()];
  }

  private fixAll(document: TextDocument): CodeAction[] {
    const changed = fixAll(document.getText());
    if (changed === undefined) return [];
    const action = new CodeAction(l10n.t('Fix all that is safe to fix'), FIX_ALL);
    action.edit = editTo(document, changed);
    return [action];
  }

  /** Of the text, of the data as it was looked at, and of the latest build and validation. */
  private findings(document: TextDocument): Finding[] {
    const { texts, store, validations, looks } = this.tools;
    const { uri } = document;
    const parsed = texts.of(document);
    const ofData = parsed.datasetNames.flatMap((name) => {
      const dataset = store.find(uri, name);
      return [
        ...(looks.of(uri, name)?.findings ?? []),
        ...(dataset === undefined ? [] : findingsOf(dataset, validations.of(dataset))),
      ];
    });
    return [...parsed.findings, ...ofData];
  }
}

/** Only what differs is replaced, so that the cursor and the folds stay. */
function editTo(document: TextDocument, changed: string): WorkspaceEdit {
  const { range, text } = differenceOf(document.getText(), changed);
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, editorRange(document, range), text);
  return edit;
}

function titleOf(deed: Deed): string {
  switch (deed.does) {
    case 'replace':
      return l10n.t('Change {0} to {1}', deed.from, deed.to);
    case 'quote':
      return l10n.t('Put {0} in quotes', deed.value);
    case 'add':
      return l10n.t('Add {0}', deed.entry);
    case 'remove':
      return l10n.t('Remove {0}', deed.key);
    case 'swap':
      return l10n.t('Exchange {0} and {1}', deed.low, deed.high);
    case 'declare':
      return l10n.t('Declare {0} as {1}', deed.column, deed.type);
    case 'allow':
      return l10n.t('Add {0} to enum', deed.values.join(', '));
    case 'widen':
      return l10n.t('Set {0} to {1}, as far as the data goes', deed.key, deed.to);
    case 'quarantine':
      return l10n.t('Put rows that do not fit aside: onError: quarantine');
  }
}
