/** Quick fixes of what is wrong with a config, or between it and its data. */
import { CodeAction, CodeActionKind, l10n, WorkspaceEdit } from 'vscode';
import type { CodeActionContext, CodeActionProvider, Diagnostic, Range, TextDocument } from 'vscode';
import { differenceOf, fixAll, fixesFor, rangesAt, type Deed } from '../../config/language';
import { isTest } from '../../protocol';
import type { Drift, Finding } from '../../protocol';
import type { Drifts } from '../datasets/drifts';
import { CommandId } from '../commandIds';
import { findingsOf } from '../datasets/findings';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { editorRange, type ConfigTexts } from './configTexts';
import { hasCode, rangeOf } from './findingDiagnostics';
import type { SourceLooks } from './sourceLooks';

/** Also for `editor.codeActionsOnSave`. */
const FIX_ALL = CodeActionKind.SourceFixAll.append('mldata');

export const CODE_ACTIONS = { providedCodeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] };

export interface FixTools {
  readonly texts: ConfigTexts;
  readonly looks: Pick<SourceLooks, 'of'>;
  readonly store: DatasetStore;
  readonly validations: Validations;
  readonly drifts: Drifts;
}

export class CodeActions implements CodeActionProvider {
  constructor(private readonly tools: FixTools) {}

  provideCodeActions(document: TextDocument, range: Range, { only, diagnostics }: CodeActionContext): CodeAction[] {
    if (only?.contains(FIX_ALL) === true) return this.fixAll(document);
    const { texts, looks } = this.tools;
    const parsed = texts.of(document);
    const text = document.getText();
    const actions = new Map<string, CodeAction>();
    const found = this.findings(document);
    for (const { finding, drift } of found) {
      const own = finding.locations?.[0];
      const places = [
        ...rangesAt(text, parsed.document, finding.configPath ?? []).map((at) => editorRange(document, at)),
        ...(own?.file === parsed.path ? [rangeOf(own)] : []),
      ];
      if (!places.some((at) => at.intersection(range) !== undefined)) continue;
      const fixes = fixesFor(finding, text, (name) => looks.of(document.uri, name), drift);
      for (const { deed, text: changed, preferred } of fixes) {
        const title = titleOf(deed);
        if (actions.has(title)) continue;
        const action = new CodeAction(title, CodeActionKind.QuickFix);
        action.edit = editTo(document, changed);
        action.isPreferred = preferred;
        action.diagnostics = diagnostics.filter((each) => hasCode(each, finding.code));
        actions.set(title, action);
      }
    }
    const findings = found.map(({ finding }) => finding);
    return [
      ...actions.values(),
      ...this.secrets(document, range, diagnostics),
      ...this.quarantines(document, range, { findings, diagnostics }),
    ];
  }

  /** For each secret that is written out there: to keep it in the credentials of the workspace. */
  private secrets(document: TextDocument, range: Range, diagnostics: readonly Diagnostic[]): CodeAction[] {
    const written = this.tools.texts
      .of(document)
      .findings.filter(
        ({ code, configPath, locations }) =>
          code === 'literal-secret' &&
          configPath !== undefined &&
          (locations ?? []).some((at) => rangeOf(at).intersection(range) !== undefined),
      );
    return written.map(({ code, configPath }) => {
      const title = l10n.t('Move the secret to the credentials of this workspace');
      const action = new CodeAction(title, CodeActionKind.QuickFix);
      action.command = { title, command: CommandId.moveSecret, arguments: [document.uri.toString(), configPath] };
      action.isPreferred = true;
      action.diagnostics = diagnostics.filter((each) => hasCode(each, code));
      return action;
    });
  }

  /** For each dataset with files that are not whole, where one of these problems tells of them: to move them aside. */
  private quarantines(
    document: TextDocument,
    range: Range,
    { findings, diagnostics }: { readonly findings: readonly Finding[]; readonly diagnostics: readonly Diagnostic[] },
  ): CodeAction[] {
    const parsed = this.tools.texts.of(document);
    const broken = findings.filter((finding) => {
      // Where the problem is shown: the check may be written nowhere.
      const place = parsed.locate(finding.configPath ?? [], 'key');
      return isOfBrokenFiles(finding) && place !== undefined && rangeOf(place).intersection(range) !== undefined;
    });
    const names = new Set(broken.flatMap(({ dataset }) => dataset ?? []));
    return [...names].map((name) => {
      const title = l10n.t('Move the files of {0} aside that are not whole…', name);
      const action = new CodeAction(title, CodeActionKind.QuickFix);
      action.command = { title, command: CommandId.quarantineFiles, arguments: [document.uri.toString(), name] };
      action.diagnostics = diagnostics.filter((each) => broken.some(({ code }) => hasCode(each, code)));
      return action;
    });
  }

  private fixAll(document: TextDocument): CodeAction[] {
    const changed = fixAll(document.getText());
    if (changed === undefined) return [];
    const action = new CodeAction(l10n.t('Fix all that is safe to fix'), FIX_ALL);
    action.edit = editTo(document, changed);
    return [action];
  }

  /** Of the text, of the data as it was looked at, and of the latest build, validation and comparison. */
  private findings(document: TextDocument): { readonly finding: Finding; readonly drift?: Drift | undefined }[] {
    const { texts, store, validations, drifts, looks } = this.tools;
    const { uri } = document;
    const parsed = texts.of(document);
    const ofData = parsed.datasetNames.flatMap((name) => {
      const dataset = store.find(uri, name);
      const drift = dataset && drifts.of(dataset);
      const found = dataset === undefined ? [] : findingsOf(dataset, validations.of(dataset), drift);
      return [...(looks.of(uri, name)?.findings ?? []), ...found].map((finding) => ({ finding, drift }));
    });
    return [...parsed.findings.map((finding) => ({ finding })), ...ofData];
  }
}

/** That they are not there or against a rule is nothing that moving them would mend. */
const NOT_BROKEN = new Set([
  ...['file-missing', 'file-outside', 'file-unreadable', 'file-duplicate'],
  ...['file-format', 'file-dimensions', 'file-duration', 'file-sample-rate', 'file-channels'],
]);

function isOfBrokenFiles({ code, severity, configPath = [] }: Finding): boolean {
  const isOfFiles = code.startsWith('file-') && (configPath[2] === 'checks' || configPath[2] === 'schema');
  return isOfFiles && severity === 'error' && !NOT_BROKEN.has(code);
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
    case 'mute':
      return l10n.t('Mute the drift of {0}', deed.column);
    case 'raise':
      return isTest(deed.measure)
        ? l10n.t('Lower the thresholds of {0} for {1}: drift from {2} on', deed.measure, deed.column, deed.to)
        : l10n.t('Raise the thresholds of {0} for {1}: drift from {2} on', deed.measure, deed.column, deed.to);
  }
}
