/** What is told of a build that drifted: one alert of all that is new or worse, sent everywhere that its config names. */
import {
  alertFile,
  alertOf,
  decide,
  deliver,
  failedDelivery,
  keepAlerts,
  readAlerts,
  sideName,
  type Told,
} from './alerts';
import { versionId } from './manifest';
import { rootOf } from './run';
import { explain } from './trouble';
import type { Workspace } from './workspace';
import type {
  BuildRequest,
  DatasetSpec,
  Drift,
  DriftAlert,
  DriftLevel,
  Finding,
  Manifest,
  WebhookSpec,
} from '../protocol';

/** From which level on a column is worth an alert, where the config does not say. */
const LEVEL: DriftLevel = 'medium';

/** A dataset whose lock is held. */
interface AlertSite {
  readonly spec: DatasetSpec;
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly request: Pick<BuildRequest, 'configPath' | 'allowOutsidePaths' | 'trusted'>;
}

/** Whatever goes wrong is a finding. No alert: nothing is new or worse. */
export async function alertBuild(
  drift: Drift,
  { spec, workspace: { folder, state }, manifest, request }: AlertSite,
  signal: AbortSignal,
): Promise<{ readonly alert?: DriftAlert; readonly findings: readonly Finding[] }> {
  const { name: dataset } = spec;
  const alerts = spec.drift?.alerts ?? {};
  const file = alertFile(state, dataset);
  const before = await readAlerts(file);
  const { columns, told } = decide(drift, before.told, alerts.level ?? LEVEL);
  const findings: Finding[] = [];
  const keep = async (alerted: readonly DriftAlert[], now: Told) => {
    if (alerted.length === 0 && isSame(now, before.told)) return;
    await keepAlerts(file, { alerts: [...before.alerts, ...alerted], told: now }).catch((error: unknown) => {
      findings.push(notNoted(error, dataset));
    });
  };
  if (columns.length === 0) {
    await keep([], told);
    return { findings };
  }
  const compared = { dataset, build: versionId(manifest), baseline: sideName(drift.baseline) };
  const alert = alertOf(compared, columns, drift.generatedAt);
  const toWebhook = async (told: DriftAlert, webhook: WebhookSpec) => {
    const { postLater } = await import('./alertWebhooks');
    await postLater(state, told, webhook);
    return { ok: true, message: 'It is sent when all datasets are built' };
  };
  const trusted = request.trusted === true;
  const place = { dataset, alerts, folder, root: rootOf(request), trusted, signal, toWebhook };
  const deliveries = await deliver(alert, place);
  const failed = deliveries.filter(({ ok }) => !ok);
  findings.push(...failed.map((delivery) => failedDelivery(delivery, dataset)));
  // What reached nobody is told again with the next build.
  const reachedNobody = failed.length > 0 && failed.length === deliveries.length;
  await keep([alert], reachedNobody ? untold(told, before.told, alert) : told);
  return { alert, findings };
}

function untold(now: Told, before: Told, { columns }: DriftAlert): Told {
  const levels = new Map(now);
  for (const { name } of columns) {
    const level = before.get(name);
    if (level === undefined) levels.delete(name);
    else levels.set(name, level);
  }
  return levels;
}

function isSame(a: Told, b: Told): boolean {
  return a.size === b.size && [...a].every(([name, level]) => b.get(name) === level);
}

function notNoted(error: unknown, dataset: string): Finding {
  return {
    code: 'alert-not-noted',
    severity: 'warning',
    message: `The alert could not be noted, so that the next build tells the same. ${explain(error, dataset).message}`,
    dataset,
    suggestion: 'Make the folder `.mldata` writable.',
  };
}
