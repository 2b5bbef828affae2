/** User settings of a VS Code under test: quiet, the same on every machine. */
const quiet: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  // Restricted Mode is entered without its question, which would stand in front of everything else.
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export function userSettings({ theme, ...more }: { theme?: string | undefined } & Record<string, unknown>) {
  return { ...quiet, ...(theme === undefined ? {} : { 'workbench.colorTheme': theme }), ...more };
}
