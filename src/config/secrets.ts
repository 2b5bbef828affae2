/** Secrets that are written out in a text, told by their shape: a password in an address, and tokens that say what they are. */

export interface LiteralSecret {
  readonly start: number;
  readonly end: number;
  /** Completes "… stands in the config": `a password`. */
  readonly what: string;
  /** What it is to whoever takes it: in an address it is written percent-encoded. */
  readonly value: string;
  readonly kind: 'password' | 'token' | 'webhook' | 'key';
}

type Shape = Pick<LiteralSecret, 'what' | 'kind'> & {
  /** The secret is its first group, or all of it where there is none. */
  readonly pattern: RegExp;
  readonly encoded?: boolean;
  /** Whether it counts behind `://` only. */
  readonly inAddress?: boolean;
};

const reference = /\$\{[a-z]+:[^}]*\}/;
/** A reference within an address; of no more characters than one has, lest each that never ends is read to the end. */
const held = '\\$\\{[^}\\s]{0,256}\\}';

const shapes: readonly Shape[] = [
  {
    what: 'a private key',
    kind: 'key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/dg,
  },
  {
    what: 'the address of a webhook',
    kind: 'webhook',
    pattern:
      /https?:\/\/(?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/|(?:[a-z]{1,10}\.)?discord(?:app)?\.com\/api\/webhooks\/|[a-z0-9.:-]{1,260}\/hooks\/(?=[a-z0-9]{26}(?![a-z0-9])))[^\s"'<>]+/dgi,
  },
  {
    what: 'a password',
    kind: 'password',
    encoded: true,
    // Each character fits one branch only: what comes with a repository must not make this search for hours.
    pattern: new RegExp(
      `\\b[a-z][a-z0-9+.-]{0,20}://(?:${held}|[^\\s/:@?#$]|\\$(?!\\{))*:((?:${held}|[^\\s/?#$]|\\$(?!\\{))+)@`,
      'dgi',
    ),
  },
  {
    what: 'a secret among the parameters of an address',
    kind: 'token',
    encoded: true,
    inAddress: true,
    pattern: /[?&](?:[\w.-]*(?:password|passwd|pwd|secret|token|signature|api[-_]?key)|sig)=([^&\s#"']+)/dgi,
  },
  token('a Hugging Face token', 'hf_[A-Za-z0-9]{30,}'),
  token('a GitHub token', 'gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,}'),
  token('a GitLab token', 'glpat-[A-Za-z0-9_-]{20,}'),
  token('an access key of AWS', '(?:AKIA|ASIA)[A-Z0-9]{16}'),
  token('a Slack token', 'xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}'),
  token('an API key', 'sk-[A-Za-z0-9_-]{32,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{20,}'),
  token('a signed token', 'eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}'),
  {
    what: 'the credentials of a request',
    kind: 'token',
    pattern: /\b(?:Bearer|Basic) +([A-Za-z0-9._~+/-]{16,}=*)/dg,
  },
];

function token(what: string, form: string): Shape {
  return { what, kind: 'token', pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:${form})(?![A-Za-z0-9])`, 'dg') };
}

/** What no shape fits where this does not, told in one look: letters count here as if no shape minded their case. */
const anyShape = new RegExp(shapes.map(({ pattern }) => pattern.source).join('|'), 'i');

/** In the order of the text; none within another. What is a reference, or holds one, is none. */
export function literalSecrets(text: string): LiteralSecret[] {
  if (!anyShape.test(text)) return [];
  const found = shapes.flatMap(({ pattern, what, kind, encoded = false, inAddress = false }) =>
    Array.from(text.matchAll(pattern), ({ indices }) => {
      const [start, end] = indices?.[1] ?? indices?.[0] ?? [0, 0];
      const written = text.slice(start, end);
      return { start, end, what, kind, value: encoded ? decoded(written) : written };
    }).filter(({ start }) => !inAddress || isInAddress(text, start)),
  );
  const firstAndLongest = found
    .filter(({ start, end }) => !reference.test(text.slice(start, end)))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let reached = 0;
  return firstAndLongest.filter(({ start, end }) => {
    if (start < reached) return false;
    reached = end;
    return true;
  });
}

/** Whether whoever has the value of a header of this name can pass for somebody else. */
export function isSecretHeader(name: string): boolean {
  return /^(?:authorization|cookie)$|token|secret|password|api-?key|^x-.*-key$/i.test(name);
}

const LONGEST_ADDRESS = 4000;

function isInAddress(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - LONGEST_ADDRESS), offset);
  return (before.split(/\s/).at(-1) ?? '').includes('://');
}

/** What stands in the place of a secret. */
export const HIDDEN = '•••';

/** The text without what looks like a secret in it. */
export function withoutSecrets(text: string): string {
  return literalSecrets(text).reduceRight(
    (hidden, { start, end }) => hidden.slice(0, start) + HIDDEN + hidden.slice(end),
    text,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
