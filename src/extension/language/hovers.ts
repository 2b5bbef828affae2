/** What a key means, and what is known of a column or a dataset. */
import { Hover, l10n, MarkdownString, workspace } from 'vscode';
import type { HoverProvider, Position, TextDocument, Uri } from 'vscode';
import { declaredColumns, topicAt, withinDataset, type Topic } from '../../config/language';
import type { DataRequest, Drift, Profile } from '../../protocol';
import { CommandId } from '../commandIds';
import { keyOf, type KeptDocuments } from '../datasets/keptDocuments';
import type { Drifts } from '../datasets/drifts';
import type { Dataset } from '../datasets/model';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { datasetTooltip, withLinks } from '../views/tooltips';
import { columnSheet } from './columnFacts';
import { editorRange, type ConfigTexts } from './configTexts';
import type { SourceLooks } from './sourceLooks';

export interface HoverTools {
  readonly texts: ConfigTexts;
  readonly looks: Pick<SourceLooks, 'of'>;
  readonly documents: KeptDocuments<Profile>;
  readonly store: DatasetStore;
  readonly drifts: Pick<Drifts, 'of'>;
}

export class Hovers implements HoverProvider {
  constructor(private readonly tools: HoverTools) {}

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    const parsed = this.tools.texts.of(document);
    const topic = topicAt(document.getText(), parsed.document, document.offsetAt(position));
    if (topic === undefined) return undefined;
    const contents = await this.contents(document, topic);
    return contents && new Hover(contents, editorRange(document, topic.range));
  }

  private async contents(document: TextDocument, topic: Topic): Promise<MarkdownString | undefined> {
    switch (topic.kind) {
      case 'key':
        return new MarkdownString(`**${topic.key}**\n\n${topic.description}`);
      case 'column':
        return this.column(document, topic);
      case 'dataset':
      case 'source': {
        const name = topic.kind === 'dataset' ? topic.name : topic.source.dataset;
        const dataset = this.tools.store.find(document.uri, name);
        return dataset && datasetSheet(dataset, this.tools.drifts.of(dataset));
      }
      case 'path':
        return undefined;
    }
  }

  private async column(document: TextDocument, topic: Extract<Topic, { kind: 'column' }>): Promise<MarkdownString> {
    const { texts, looks, documents, store, drifts } = this.tools;
    const { data } = texts.of(document).document;
    const name = withinDataset(topic.use.path)?.dataset;
    const declared = declaredColumns(data, name).get(topic.name);
    const dataset = name === undefined ? undefined : store.find(document.uri, name);
    const [profile, look] =
      name === undefined
        ? []
        : [await documents.find(keyOf(requestOf(document.uri, name))), looks.of(document.uri, name)];
    const mayRun = workspace.isTrusted && document.uri.scheme === 'file' && dataset !== undefined;
    return columnSheet(
      { ...declared, name: topic.name, profile, look, drift: dataset && drifts.of(dataset) },
      mayRun ? { config: dataset.config, name: dataset.name } : undefined,
    );
  }
}

/** With what one does with a build, where it may be done. */
function datasetSheet(dataset: Dataset, drift: Drift | undefined): MarkdownString {
  const sheet = datasetTooltip(dataset, { drift });
  const { config, name, manifest } = dataset;
  if (manifest === undefined || !workspace.isTrusted || config.scheme !== 'file') return sheet;
  return withLinks(sheet, [
    [l10n.t('Copy Loader Snippet'), CommandId.copySnippet, { config, name }],
    [l10n.t('Export to PyTorch'), CommandId.exportPytorch, { config, name }],
  ]);
}

/** Of the profile that the command shows for a dataset. */
function requestOf(config: Uri, name: string): DataRequest {
  return { configPath: config.fsPath, target: name, folder: folderOf(config).fsPath };
}
