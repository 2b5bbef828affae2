/** Until when a token holds that says so itself: one in the form of JWT. */
export function expiryOf(token: string): Date | undefined {
  const [, body, signature] = token.split('.');
  if (body === undefined || signature === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { readonly exp?: unknown };
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
