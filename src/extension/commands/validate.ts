/** Validating: what the panel, saving and the Testing view have in common. */
import { Uri } from 'vscode';
import type { CheckName, Engine, Quality, ValidateProgress } from '../../protocol';
import { mergedQuality } from '../datasets/mergedQuality';
import type { Validations } from '../datasets/validations';
import { requireEngineAllowed } from '../trust';
import type { DataSubject } from './dataSubject';

export interface ValidateTools {
  readonly engine: Pick<Engine, 'validate'>;
  readonly validations: Validations;
}

/**
 * Makes the checks of the data, or only some of them, and keeps what comes of it where it is a dataset's.
 * Throws what stops it.
 */
export async function validate(
  { engine, validations }: ValidateTools,
  { request, config }: DataSubject,
  checks: readonly CheckName[] | undefined,
  onProgress: (progress: ValidateProgress) => void,
  signal: AbortSignal,
): Promise<Quality> {
  requireEngineAllowed(config ?? Uri.file(request.folder));
  const made = await engine.validate({ ...request, ...(checks !== undefined && { checks }) }, onProgress, signal);
  if (config === undefined || request.split !== undefined) return made;
  const dataset = { config, name: request.target };
  const quality = checks === undefined ? made : mergedQuality(validations.of(dataset), made);
  if (!signal.aborted) validations.keep(dataset, quality);
  return quality;
}
