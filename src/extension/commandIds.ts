/** Every command this extension contributes; package.json and the handlers are checked against it. */
export const CommandId = {
  buildDataset: 'mldata.buildDataset',
  rebuildDataset: 'mldata.rebuildDataset',
  buildAll: 'mldata.buildAll',
  createConfig: 'mldata.createConfig',
  openConfig: 'mldata.openConfig',
  openManifest: 'mldata.openManifest',
  openFolder: 'mldata.openFolder',
  revealArtifact: 'mldata.revealArtifact',
  showReport: 'mldata.showReport',
  showProfile: 'mldata.showProfile',
  validateDataset: 'mldata.validateDataset',
  showValidation: 'mldata.showValidation',
  showDrift: 'mldata.showDrift',
  compareForDrift: 'mldata.compareForDrift',
  previewTransforms: 'mldata.previewTransforms',
  showData: 'mldata.showData',
  explainFinding: 'mldata.explainFinding',
  quarantineFiles: 'mldata.quarantineFiles',
  refresh: 'mldata.refresh',
  showOutput: 'mldata.showOutput',
} as const;
export type CommandId = (typeof CommandId)[keyof typeof CommandId];
