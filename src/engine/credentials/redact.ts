/** The one place that keeps secrets out of what is told: errors, findings and log lines pass through it. */
import { HIDDEN, withoutSecrets } from '../../config';
import { MldataError, type Finding } from '../../protocol';

/** Every secret that this process has come to know, in the forms it may be written in. */
const known = new Set<string>();

/** Anybody guesses what is shorter, and it stands in every sentence. In an address it is hidden by its place. */
const SHORTEST = 3;

/** From now on the value is hidden in what is told. */
export function remember(value: string): void {
  if (value.length < SHORTEST) return;
  known.add(value).add(JSON.stringify(value).slice(1, -1));
  // Half a character has no such form, and is in no address.
  if (!/\p{Surrogate}/u.test(value)) known.add(encodeURIComponent(value));
}

/** The text without the secrets that are known here, and without what looks like one. */
export function redact(text: string): string {
  const longestFirst = [...known].sort((a, b) => b.length - a.length);
  return withoutSecrets(longestFirst.reduce(without, text));
}

/** A shorter one stands in many a word. */
const LONG = 6;

function without(text: string, value: string): string {
  if (value.length >= LONG) return text.replaceAll(value, HIDDEN);
  const escaped = value.replace(/[^\p{L}\p{N}_]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16) ?? ''}}`);
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'gu'), HIDDEN);
}

/** The error with its words redacted. It keeps its cause: that is for a debugger, and is never told. */
export function redacted(error: MldataError): MldataError {
  const { kind, code, message, findings, cause } = error;
  const told = redact(message);
  const toldFindings = findings.map(redactedFinding);
  const same = told === message && toldFindings.every((finding, index) => finding === findings[index]);
  return same ? error : new MldataError(kind, code, told, toldFindings, { cause });
}

function redactedFinding(finding: Finding): Finding {
  const text = JSON.stringify(finding);
  const { message, suggestion, samples, locations } = finding;
  const told: Finding = {
    ...finding,
    message: redact(message),
    ...(suggestion !== undefined && { suggestion: redact(suggestion) }),
    ...(samples && { samples: samples.map(redact) }),
    ...(locations && {
      locations: locations.map((each) => (each.text === undefined ? each : { ...each, text: redact(each.text) })),
    }),
  };
  return JSON.stringify(told) === text ? finding : told;
}
