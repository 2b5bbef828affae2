/** What texts look like, as SQL. Whether an address is reachable, or a name given, is not asked. */
import { matches } from './types';
import type { TextFormat } from '../../protocol';

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = String.raw`(${octet}\.){3}${octet}`;
const group = '[0-9A-Fa-f]{1,4}';

/** RFC 4291, section 2.2: eight groups, or fewer around one `::`; the last two may be written as an IPv4 address. */
function ipv6Pattern(): string {
  const last = `(${group}:${group}|${ipv4})`;
  const shortened = Array.from({ length: 7 }, (_, before) => {
    const head = before === 0 ? '' : `${group}(:${group}){0,${before - 1}}`;
    const after = 6 - before;
    const tail =
      after > 0 ? `((${group}:){0,${after}}${group}|(${group}:){0,${Math.max(0, after - 1)}}${ipv4})?` : `(${group})?`;
    return `${head}::${tail}`;
  });
  return `((${group}:){6}${last}|${shortened.join('|')}|(${group}:){1,7}:)`;
}

const label = '[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const patterns: Readonly<Record<TextFormat, string>> = {
  /** As HTML has it for `<input type=email>`, and with a point in the domain. */
  email: String.raw`[a-zA-Z0-9.!#$%&'*+/=?^_\x60{|}~-]+@${label}(\.${label})+`,
  /** RFC 3986: a scheme, and no character that is not allowed in the rest. */
  uri: String.raw`[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+`,
  uuid: '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  ipv4,
  ipv6: ipv6Pattern(),
  date: '[0-9]{4}-[0-9]{2}-[0-9]{2}',
};

/** Completes "do not look like". */
export const formatWords: Readonly<Record<TextFormat, string>> = {
  email: 'e-mail addresses',
  uri: 'URIs',
  uuid: 'UUIDs',
  ipv4: 'IPv4 addresses',
  ipv6: 'IPv6 addresses',
  date: 'dates such as 2024-12-31',
};

/** SQL condition on a text. */
export function hasFormat(value: string, format: TextFormat): string {
  const looks = matches(value, patterns[format]);
  // A pattern knows no calendar. The engine takes dates of many forms, so that it is asked second.
  return format === 'date' ? `(${looks} AND try_cast(${value} AS DATE) IS NOT NULL)` : looks;
}
