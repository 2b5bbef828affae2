/** Whose certificates are trusted. */
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { NetworkSettings } from '../../protocol';

/** As `tls.connect` takes it. */
export function trustOf({
  strictSSL = true,
  systemCertificates = false,
}: NetworkSettings): Pick<tls.ConnectionOptions, 'rejectUnauthorized' | 'secureContext'> {
  return {
    ...(!strictSSL && { rejectUnauthorized: false }),
    // Made once: to read some hundred certificates takes longer than to connect.
    ...(systemCertificates && { secureContext: tls.createSecureContext({ ca: authorities() }) }),
  };
}

/** Where the distributions of Linux keep what they trust: the first that is there. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/certs/ca-bundle.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
];

function authorities(): string[] {
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: named } = process.env;
  const system = process.platform === 'linux' ? firstOf(named ? [named, ...bundles] : bundles) : fromSystem();
  return [...tls.rootCertificates, ...(extra ? firstOf([extra]) : []), ...system];
}

function firstOf(files: readonly string[]): string[] {
  for (const file of files) {
    try {
      return certificatesIn(readFileSync(file, 'utf8'));
    } catch {
      // Not this one.
    }
  }
  return [];
}

/** Each by itself: one that cannot be read does not take the others along. */
function certificatesIn(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** Node asks the system itself from version 22.15 on. */
function fromSystem(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (which: 'system') => string[] };
  return getCACertificates?.('system') ?? [];
}
