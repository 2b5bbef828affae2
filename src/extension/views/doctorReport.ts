/** What the doctor found, as text to paste where somebody is asked for help. */
import { l10n } from 'vscode';
import type { Doctor, DoctorCheck, DoctorGroup, DoctorState } from '../../protocol';

export function groupName(group: DoctorGroup): string {
  const names: Readonly<Record<DoctorGroup, string>> = {
    source: l10n.t('Sources'),
    tool: l10n.t('Tools'),
    host: l10n.t('Hosts'),
  };
  return names[group];
}

export function stateName(state: DoctorState): string {
  const names: Readonly<Record<DoctorState, string>> = {
    ok: l10n.t('ok'),
    notConfigured: l10n.t('not configured'),
    failed: l10n.t('failed'),
  };
  return names[state];
}

/** `2 failed, 1 not configured, 9 ok`: the worst first. */
export function verdict(checks: readonly DoctorCheck[]): string {
  const states: readonly DoctorState[] = ['failed', 'notConfigured', 'ok'];
  return states
    .map((state) => [checks.filter((check) => check.state === state).length, stateName(state)] as const)
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}`)
    .join(', ');
}

/** As the command line prints it: one document for one config. */
export function asJson(reports: readonly Doctor[]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`;
}

export function asMarkdown(reports: readonly Doctor[]): string {
  return `${reports.map(sectionOf).join('\n\n')}\n`;
}

function sectionOf({ config, generatedAt, tool, checks }: Doctor): string {
  const rows = checks.map(({ group, name, state, message, suggestion = '' }) =>
    [groupName(group), name, stateName(state), message, suggestion].map(cell).join(' | '),
  );
  const heading = [l10n.t('What'), l10n.t('Name'), l10n.t('State'), l10n.t('Found'), l10n.t('What to do')];
  return [
    `## ${cell(config ?? tool.name)}`,
    '',
    `${verdict(checks)}. ${tool.name} ${tool.version}, ${generatedAt}.`,
    '',
    `| ${heading.join(' | ')} |`,
    `|${heading.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

/** Names and words of others are no Markdown, and a cell ends at a bar or a line break. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#~]/g, String.raw`\$&`);
}
