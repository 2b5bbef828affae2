/** Why a build failed, for people. */
import type { DatasetBuild } from '../../protocol';

/**
 * To stand after the dataset's name. The engine's message repeats every finding; where there are
 * several they are told one by one elsewhere, and this is what stands before them.
 */
export function reasonOf({ dataset, error, findings }: DatasetBuild): string {
  const message = error?.message ?? '';
  const own = message.startsWith(`${dataset}: `) ? message.slice(dataset.length + 2) : message;
  const starts = findings.map((finding) => own.indexOf(finding.message)).filter((start) => start > 0);
  return starts.length > 1 ? own.slice(0, Math.min(...starts)).trimEnd() : own;
}
