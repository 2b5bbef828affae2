/** Everything that helps writing a config, registered. */
import { languages } from 'vscode';
import { Disposable } from '../disposable';
import { CODE_ACTIONS, CodeActions, type FixTools } from './codeActions';
import { CodeLenses } from './codeLenses';
import { COMPLETION_TRIGGERS, Completions } from './completions';
import { configSelector } from './configTexts';
import { Hovers, type HoverTools } from './hovers';
import { Definitions, References } from './navigation';
import { Folding, Outline } from './outline';
import { Renaming } from './renaming';
import { RoleDecorations } from './roleDecorations';

export class ConfigLanguage extends Disposable {
  constructor(tools: HoverTools & FixTools) {
    super();
    const { texts, looks, store, validations, drifts } = tools;
    const lenses = this._register(new CodeLenses(texts, store, validations, drifts));
    this._register(new RoleDecorations(texts));
    const provided = [
      languages.registerCompletionItemProvider(configSelector, new Completions(looks), ...COMPLETION_TRIGGERS),
      languages.registerHoverProvider(configSelector, new Hovers(tools)),
      languages.registerDocumentSymbolProvider(configSelector, new Outline(texts), { label: 'ML Data' }),
      languages.registerFoldingRangeProvider(configSelector, new Folding(texts)),
      languages.registerDefinitionProvider(configSelector, new Definitions(texts)),
      languages.registerReferenceProvider(configSelector, new References(texts)),
      languages.registerRenameProvider(configSelector, new Renaming(texts)),
      languages.registerCodeActionsProvider(configSelector, new CodeActions(tools), CODE_ACTIONS),
      languages.registerCodeLensProvider(configSelector, lenses),
    ];
    for (const each of provided) this._register(each);
  }
}
