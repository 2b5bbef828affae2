/** From a name in a config to what it names: files, datasets, columns; and from a column to all its places. */
import { Location, Range, Uri, workspace } from 'vscode';
import type {
  DefinitionProvider,
  LocationLink,
  Position,
  ReferenceContext,
  ReferenceProvider,
  TextDocument,
} from 'vscode';
import { rangesOf, topicAt, usesOf, type Topic, type Use } from '../../config/language';
import { folderOf } from '../datasets/paths';
import { sourceFiles } from '../datasets/sourceFiles';
import { editorRange, type ConfigTexts } from './configTexts';
import { rangeOf } from './findingDiagnostics';

/** More files than anybody looks through. */
const MOST_FILES = 200;

export class Definitions implements DefinitionProvider {
  constructor(private readonly texts: ConfigTexts) {}

  async provideDefinition(document: TextDocument, position: Position): Promise<LocationLink[]> {
    const parsed = this.texts.of(document);
    const topic = topicAt(document.getText(), parsed.document, document.offsetAt(position));
    if (topic === undefined) return [];
    const originSelectionRange = editorRange(document, topic.range);
    const link = (targetUri: Uri, targetRange: Range): LocationLink => ({
      originSelectionRange,
      targetUri,
      targetRange,
    });
    switch (topic.kind) {
      case 'path':
        return (await filesOf(document, topic.path)).map((file) => link(file, new Range(0, 0, 0, 0)));
      case 'dataset':
      case 'source': {
        const name = topic.kind === 'dataset' ? topic.name : topic.source.dataset;
        const at = parsed.datasetNames.includes(name) ? parsed.locate(['datasets', name], 'key') : undefined;
        return at === undefined ? [] : [link(document.uri, rangeOf(at))];
      }
      case 'column': {
        const uses = usesOf(parsed.document, topic.use)?.uses ?? [];
        const declared = uses.filter(({ declares }) => declares);
        // A column that no schema declares comes to be where it is first named.
        const targets = declared.length > 0 ? declared : uses.slice(0, 1);
        return placesOf(document, parsed.document, targets).map(({ uri, range }) => link(uri, range));
      }
      case 'key':
        return [];
    }
  }
}

export class References implements ReferenceProvider {
  constructor(private readonly texts: ConfigTexts) {}

  provideReferences(document: TextDocument, position: Position, { includeDeclaration }: ReferenceContext): Location[] {
    const { document: content } = this.texts.of(document);
    const topic = topicAt(document.getText(), content, document.offsetAt(position));
    const uses = topic && usesOfTopic(content, topic);
    if (uses === undefined) return [];
    return placesOf(
      document,
      content,
      uses.filter(({ declares }) => includeDeclaration || declares !== true),
    );
  }
}

function usesOfTopic(content: Parameters<typeof usesOf>[0], topic: Topic): readonly Use[] | undefined {
  return topic.kind === 'column' ? usesOf(content, topic.use)?.uses : undefined;
}

function placesOf(document: TextDocument, content: Parameters<typeof rangesOf>[1], uses: readonly Use[]): Location[] {
  const places = rangesOf(document.getText(), content, uses);
  return places.map(({ range }) => new Location(document.uri, editorRange(document, range)));
}

/** The files that a source stands for by now; in Restricted Mode none outside the config's folder. */
async function filesOf({ uri }: TextDocument, source: string): Promise<Uri[]> {
  if (uri.scheme !== 'file') return [];
  const folder = folderOf(uri);
  const names = await sourceFiles(folder.fsPath, [source], !workspace.isTrusted);
  return names.slice(0, MOST_FILES).map((name) => Uri.joinPath(folder, name));
}
