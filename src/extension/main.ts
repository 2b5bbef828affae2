/** Composes the extension. */
import { l10n, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { CommandId } from './commandIds';
import { buildAll, buildDataset, rebuildDataset } from './commands/build';
import { createConfig } from './commands/createConfig';
import { openConfig, openFolder, openManifest, reveal } from './commands/open';
import { registerCommands } from './commands/register';
import { DatasetStore } from './datasets/store';
import { EngineClient } from './engineClient';
import { alarm } from './notifications';
import { BuildDiagnostics } from './language/buildDiagnostics';
import { ConfigDiagnostics } from './language/configDiagnostics';
import { offerCommandLine } from './terminal';
import { DatasetsView, DatasetTree } from './views/datasetsView';
import { BuildReportPanels } from './panels/buildReportPanel';
import { GridPanels } from './panels/gridPanel';
import { ProfileDocuments } from './panels/profileDocuments';
import { ProfilePanels } from './panels/profilePanels';
import { PreviewPanels } from './panels/previewPanel';

/** What other extensions, and tests, may look at. */
export interface ExtensionApi {
  readonly store: DatasetStore;
  readonly tree: DatasetTree;
  readonly engine: EngineClient;
}

export async function activate(context: ExtensionContext): Promise<ExtensionApi> {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(window.createOutputChannel('ML Data', { log: true }));
  const engine = own(new EngineClient(context.asAbsolutePath('dist/engine.js'), log));
  const store = own(new DatasetStore(log));
  const tree = own(new DatasetTree(store));
  own(new DatasetsView(tree, store));
  own(new ConfigDiagnostics());
  own(new BuildDiagnostics(store));
  const reports = own(new BuildReportPanels(context.extensionUri, store));
  const storage = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'profiles');
  const documents = new ProfileDocuments(storage);
  const profiles = own(new ProfilePanels({ extension: context.extensionUri, engine, store, documents, log }));
  const previews = own(new PreviewPanels({ extension: context.extensionUri, engine, store, log }));

  const grids = own(new GridPanels({ extension: context.extensionUri, engine, store, log }));

  const tools = { engine, store, log };
  own(
    registerCommands(
      {
        [CommandId.buildDataset]: (argument) => buildDataset(tools, argument),
        [CommandId.rebuildDataset]: (argument) => rebuildDataset(tools, argument),
        [CommandId.buildAll]: (argument) => buildAll(tools, argument),
        [CommandId.createConfig]: (clicked, selected) => createConfig(engine, store, clicked, selected),
        [CommandId.openConfig]: (argument, path) => openConfig(store, argument, path),
        [CommandId.openManifest]: (argument) => openManifest(store, argument),
        [CommandId.openFolder]: (argument) => openFolder(store, argument),
        [CommandId.revealArtifact]: (file) => reveal(file),
        [CommandId.showReport]: (argument) => reports.open(argument),
        [CommandId.previewTransforms]: (argument) => previews.open(argument),
        [CommandId.showProfile]: (argument) => profiles.open(argument),
        [CommandId.showData]: (argument) => grids.open(argument),
        [CommandId.refresh]: () => store.refresh(),
        [CommandId.showOutput]: () => {
          log.show();
          return undefined;
        },
      },
      log,
    ),
  );
  own(
    engine.onDidStop((message) => {
      const showOutput = l10n.t('Show Output');
      void alarm(message, showOutput).then((choice) => choice === showOutput && log.show());
    }),
  );
  own(workspace.onDidGrantWorkspaceTrust(() => store.refresh()));
  offerCommandLine(context);
  // Without the first look there is still every command, and one of them looks again.
  await store.refresh().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  return { store, tree, engine };
}
