/** Which addresses may be asked: a config that comes with a repository must not reach what only this machine can reach. */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { MldataError } from '../../protocol';

const inner = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inner.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96], // also an address of version 4, as it was once written
  ['::ffff:0:0:0', 96], // stands for one
  ['64:ff9b::', 96], // likewise
  ['64:ff9b:1::', 48],
  ['2002::', 16], // likewise
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inner.addSubnet(network, prefix, 'ipv6');

/** An address as logs, errors and records may show it: what stands behind `?` may be a signature or a token. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

/** Loopback, link-local, private, or no address of a single host. */
export function isInner(address: string): boolean {
  const [bare = ''] = address.split('%');
  return inner.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Throws `address-not-allowed` for what is not `http` or `https`, what bears a password, and, unless `allowInner`, an
 * inner address that is written out: one that a name stands for is found by {@link guardedLookup}.
 */
export function checkAddress(url: URL, allowInner: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`${url.protocol}//… is not fetched: only http and https are.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(`${shown(url)} bears a name or password. Remove it from the address: it would stand in every log.`);
  }
  checkHost(url.hostname.replace(/^\[|\]$/g, ''), allowInner);
}

/** The same of a host alone, which may be a name or an address: throws `address-not-allowed`. */
export function checkHost(host: string, allowInner: boolean): void {
  const isName = isIP(host) === 0;
  if (!allowInner && (isName ? /(^|\.)localhost\.?$/i.test(host) : isInner(host))) throw innerAddress(host);
}

/** Looks names up as the system does; an inner address is not connected to, so that no name leads there either. */
export function guardedLookup(allowInner: boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) {
        done(error, '', 0);
        return;
      }
      const [first] = found;
      const hit = allowInner ? undefined : found.find(({ address }) => isInner(address));
      if (first === undefined) done(new Error(`${host} has no address`), '', 0);
      else if (hit) done(innerAddress(host, hit.address), '', 0);
      else if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function innerAddress(host: string, address = host): MldataError {
  const named = address === host ? host : `${host} (${address})`;
  return refused(
    `${named} is an address of this machine or of its network, and those are not fetched from unless you allow it: with the setting mldata.allowPrivateAddresses, or \`network: { allowPrivateAddresses: true }\` in your own config.`,
  );
}

function refused(message: string): MldataError {
  return new MldataError('config', 'address-not-allowed', message);
}
