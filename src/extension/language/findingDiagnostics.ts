/** From findings to what the Problems panel shows. */
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, l10n, Location, Range } from 'vscode';
import type { Uri } from 'vscode';
import { isAddress } from '../../config';
import type { ParsedConfig } from '../../config';
import type { Finding, Location as FindingLocation, Severity } from '../../protocol';
import { resolve } from '../datasets/paths';
import { helpLink } from './findingHelp';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** The Problems panel filters by it. */
const DRIFT_SOURCE = 'mldata drift';

/** Locations count from 1, editors from 0; what has no line stands on the first. */
export function rangeOf({ line = 1, column = 1, endLine = line, endColumn }: FindingLocation): Range {
  return new Range(line - 1, column - 1, endLine - 1, (endColumn ?? column) - 1);
}

/** A problem of the config itself: its first location is its place in the text. */
export function configDiagnostic(finding: Finding): Diagnostic {
  return diagnostic(finding, rangeOf(finding.locations?.[0] ?? { file: '' }));
}

/** A problem that a build, a validation or a comparison found in data: shown where the config speaks of it, with ways to the places in the data. */
export function buildDiagnostic(config: Uri, parsed: ParsedConfig, finding: Finding): Diagnostic {
  const path = finding.configPath ?? ['datasets', finding.dataset ?? ''];
  const shown = diagnostic(finding, rangeOf(parsed.locate(path, 'key') ?? { file: parsed.path }));
  if (finding.code.startsWith('drift-')) shown.source = DRIFT_SOURCE;
  shown.relatedInformation = (finding.locations ?? [])
    // What stands in the config is shown there, and what was fetched nowhere.
    .filter(({ file }) => !isAddress(file) && resolve(config, file).fsPath !== config.fsPath)
    .map((location) => new DiagnosticRelatedInformation(placeOf(config, location), placeText(location)));
  return shown;
}

/** Where a finding's location is, for editors. */
export function placeOf(config: Uri, location: FindingLocation): Location {
  return new Location(resolve(config, location.file), rangeOf(location));
}

function placeText({ row, text }: FindingLocation): string {
  const where = row === undefined ? undefined : l10n.t('row {0}', row);
  return [where, text].filter((part) => part !== undefined).join(': ');
}

function diagnostic({ code, severity, message, suggestion }: Finding, range: Range): Diagnostic {
  const text = suggestion === undefined ? message : `${message} ${suggestion}`;
  const shown = new Diagnostic(range, text, severities[severity]);
  shown.source = 'mldata';
  shown.code = { value: code, target: helpLink(code) };
  return shown;
}

/** Whether a problem is one of this code. */
export function hasCode({ code }: Pick<Diagnostic, 'code'>, wanted: string): boolean {
  return (typeof code === 'object' ? code.value : code) === wanted;
}
