/** An address as logs, errors and records may show it: what stands behind `?` may be a signature or a token. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`;
}
