/** Composes the extension. */
import { l10n, tasks, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { driftSchema, profileSchema, qualitySchema } from '../protocol';
import { addDatasetFrom } from './adding/addDataset';
import { CommandId } from './commandIds';
import { buildAll, buildDataset, buildFromNewest, rebuildDataset } from './commands/build';
import { createConfig } from './commands/createConfig';
import { openConfig, openFolder, openManifest, reveal } from './commands/open';
import { ofDataset } from './commands/dataSubject';
import { putBackFiles } from './commands/putBackFiles';
import { quarantineFiles } from './commands/quarantineFiles';
import { registerCommands } from './commands/register';
import { validate } from './commands/validate';
import { CredentialStore } from './credentials/credentialStore';
import { moveSecretAway } from './credentials/moveSecret';
import { removeCredential, setCredential } from './credentials/setCredential';
import { Drifts } from './datasets/drifts';
import { Exports } from './datasets/exports';
import { DatasetStore } from './datasets/store';
import { Validations } from './datasets/validations';
import { EngineClient } from './engineClient';
import { copySnippet, insertSnippet } from './export/datasetSnippet';
import { exportData } from './export/exportData';
import { fetchSources } from './fetching/fetchSources';
import { Network } from './network';
import { alarm } from './notifications';
import { BuildDiagnostics } from './language/buildDiagnostics';
import { ConfigDiagnostics } from './language/configDiagnostics';
import { ConfigLanguage } from './language/configLanguage';
import { ConfigTexts } from './language/configTexts';
import { DataDiagnostics } from './language/dataDiagnostics';
import { FindingHelps } from './language/findingHelp';
import { OpenSourceLooks } from './language/sourceLooks';
import { addRemote } from './tracking/addRemote';
import { ChangePreviews } from './tracking/changePreview';
import { runDvc } from './tracking/dvcTasks';
import { track } from './tracking/track';
import { Trackings } from './datasets/trackings';
import { DatasetTasks, TASK_TYPE } from './tasks/datasetTasks';
import { offerCommandLine } from './terminal';
import { AutoValidation } from './testing/autoValidation';
import { ChecksTesting } from './testing/checksTesting';
import type { Validate } from './testing/checksTesting';
import { DatasetsView, DatasetTree } from './views/datasetsView';
import { DoctorView, openCheckSettings } from './views/doctorView';
import { FindingDecorations } from './views/findingDecorations';
import { BuildReportPanels } from './panels/buildReportPanel';
import { DriftPanels } from './panels/driftPanels';
import { GridPanels } from './panels/gridPanel';
import { KeptDocuments } from './datasets/keptDocuments';
import { ProfilePanels } from './panels/profilePanels';
import { ValidationPanels } from './panels/validationPanels';
import { PreviewPanels } from './panels/previewPanel';

/** What other extensions, and tests, may look at. */
export interface ExtensionApi {
  readonly store: DatasetStore;
  readonly tree: DatasetTree;
  readonly engine: EngineClient;
  readonly trackings: Trackings;
}

export async function activate(context: ExtensionContext): Promise<ExtensionApi> {
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(window.createOutputChannel('ML Data', { log: true }));
  const engine = own(new EngineClient(context.asAbsolutePath('dist/engine.js'), log));
  own(new Network(engine));
  const credentials = own(new CredentialStore(context, engine));
  const store = own(new DatasetStore(log));
  const validations = own(new Validations());
  const drifts = own(new Drifts(store));
  const exports = own(new Exports());
  own(new FindingDecorations(store, validations, drifts));
  const trackings = own(new Trackings(engine, store, log));
  const tree = own(new DatasetTree(store, drifts, trackings));
  own(new DatasetsView(tree, store));
  const doctor = own(new DoctorView(engine, store));
  const helps = own(new FindingHelps(context.asAbsolutePath('dist/findings.md')));
  const texts = new ConfigTexts();
  own(new ConfigDiagnostics(texts));
  own(new BuildDiagnostics(store, validations, drifts, exports));
  const reports = own(new BuildReportPanels(context.extensionUri, store));
  const storage = context.storageUri ?? context.globalStorageUri;
  const documents = new KeptDocuments(Uri.joinPath(storage, 'profiles'), profileSchema);
  const profiles = own(new ProfilePanels({ extension: context.extensionUri, engine, store, documents, log }));
  const qualities = new KeptDocuments(Uri.joinPath(storage, 'validations'), qualitySchema);
  const validationPanels = own(
    new ValidationPanels({
      extension: context.extensionUri,
      engine,
      store,
      validations,
      documents: qualities,
      helps,
      storage,
      log,
    }),
  );
  const comparisons = new KeptDocuments(Uri.joinPath(storage, 'drifts'), driftSchema);
  const driftPanels = own(
    new DriftPanels({ extension: context.extensionUri, engine, store, drifts, documents: comparisons, log }),
  );
  const previews = own(new PreviewPanels({ extension: context.extensionUri, engine, store, log }));

  const check: Validate = (dataset, checks, signal) =>
    validate({ engine, validations }, ofDataset(dataset), checks, () => undefined, signal);
  own(new ChecksTesting(store, validations, check));
  own(new AutoValidation(store, check, log));
  const looks = own(new OpenSourceLooks(engine, store, log));
  own(new DataDiagnostics({ texts, looks, store, validations }));
  own(new ConfigLanguage({ texts, looks, store, validations, drifts, documents }));
  const grids = own(new GridPanels({ extension: context.extensionUri, engine, store, validations, log }));

  const changes = own(new ChangePreviews());

  const tools = { engine, store, log };
  const tracking = { ...tools, trackings, previews: changes };
  const exporting = { ...tools, exports };
  own(
    registerCommands(
      {
        [CommandId.buildDataset]: (argument) => buildDataset(tools, argument),
        [CommandId.rebuildDataset]: (argument) => rebuildDataset(tools, argument),
        [CommandId.buildFromNewest]: (argument) => buildFromNewest(tools, argument),
        [CommandId.buildAll]: (argument) => buildAll(tools, argument),
        [CommandId.fetch]: (argument) => fetchSources(tools, argument, false),
        [CommandId.fetchNewer]: (argument) => fetchSources(tools, argument, true),
        [CommandId.createConfig]: (clicked, selected) => createConfig(engine, store, clicked, selected),
        [CommandId.addDataset]: (clicked) =>
          addDatasetFrom({ extension: context.extensionUri, engine, store, credentials }, clicked),
        [CommandId.openConfig]: (argument, path) => openConfig(store, argument, path),
        [CommandId.openManifest]: (argument) => openManifest(store, argument),
        [CommandId.openFolder]: (argument) => openFolder(store, argument),
        [CommandId.revealArtifact]: (file) => reveal(file),
        [CommandId.explainFinding]: (code) => helps.show(code),
        [CommandId.quarantineFiles]: (config, name) => quarantineFiles({ engine, validations, store }, config, name),
        [CommandId.putBackFiles]: () => putBackFiles({ engine, store }),
        [CommandId.showReport]: (argument) => reports.open(argument),
        [CommandId.previewTransforms]: (argument) => previews.open(argument),
        [CommandId.showProfile]: (argument) => profiles.open(argument),
        [CommandId.validateDataset]: (argument) => validationPanels.validate(argument),
        [CommandId.showValidation]: (argument) => validationPanels.show(argument),
        [CommandId.showDrift]: (argument) => driftPanels.open(argument),
        [CommandId.compareForDrift]: (clicked, selected) => driftPanels.openFiles(clicked, selected),
        [CommandId.showData]: (argument) => grids.open(argument),
        [CommandId.trackDvc]: (clicked, selected) => track(tracking, 'dvc', clicked, selected),
        [CommandId.trackDvcPipeline]: (clicked, selected) => track(tracking, 'dvc-pipeline', clicked, selected),
        [CommandId.trackGitLfs]: (clicked, selected) => track(tracking, 'git-lfs', clicked, selected),
        [CommandId.applyTracking]: () => changes.settle(true),
        [CommandId.discardTracking]: () => changes.settle(false),
        [CommandId.dvcPush]: (argument) => runDvc(tracking, 'push', argument),
        [CommandId.dvcPull]: (argument) => runDvc(tracking, 'pull', argument),
        [CommandId.dvcCheckout]: (argument) => runDvc(tracking, 'checkout', argument),
        [CommandId.addRemote]: (argument) => addRemote(tracking, argument),
        [CommandId.exportPytorch]: (clicked) => exportData(exporting, 'pytorch', clicked),
        [CommandId.export]: (clicked) => exportData(exporting, undefined, clicked),
        [CommandId.insertSnippet]: () => insertSnippet(exporting),
        [CommandId.copySnippet]: (argument) => copySnippet(exporting, argument),
        [CommandId.setCredential]: (argument) => setCredential(store, credentials, argument),
        [CommandId.removeCredential]: () => removeCredential(credentials),
        [CommandId.moveSecret]: (config, at) => moveSecretAway(credentials, config, at),
        [CommandId.runDoctor]: () => doctor.run(),
        [CommandId.copyDoctorMarkdown]: () => doctor.copy('markdown'),
        [CommandId.copyDoctorJson]: () => doctor.copy('json'),
        [CommandId.openCheckSettings]: (argument) => openCheckSettings(argument),
        [CommandId.refresh]: async () => {
          await store.refresh();
          await trackings.refresh(true);
        },
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
  own(tasks.registerTaskProvider(TASK_TYPE, new DatasetTasks(store, context.asAbsolutePath('dist/cli.js'))));
  offerCommandLine(context);
  await credentials.hand().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  // Without the first look there is still every command, and one of them looks again.
  await store.refresh().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  return { store, tree, engine, trackings };
}
