/** Fails on packages of the product with known high or critical vulnerabilities, where the registry tells them. */
import { npm } from '../test/host/processes';
import { NOT_ANSWERED } from './exitCodes';

interface Audit {
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
}

async function main(): Promise<number> {
  const args = ['audit', '--omit=dev', '--json'];
  // npm ends with 1 both for findings and for a registry that doesn't answer; only its document tells them apart.
  const report = await npm(args, { timeout: 60_000 }).catch((error: unknown) => String(error));
  const found = parse(report)?.metadata?.vulnerabilities;
  if (found === undefined) {
    console.log('The registry did not answer the audit: nothing is known about vulnerabilities.');
    return NOT_ANSWERED;
  }
  console.log(
    Object.entries(found)
      .map(([severity, count]) => `${severity}: ${count}`)
      .join(', '),
  );
  return (found['high'] ?? 0) + (found['critical'] ?? 0) > 0 ? 1 : 0;
}

function parse(report: string): Audit | undefined {
  const json = report.slice(report.indexOf('{'), report.lastIndexOf('}') + 1);
  return json === '' ? undefined : (JSON.parse(json) as Audit);
}

void main().then((code) => (process.exitCode = code));
