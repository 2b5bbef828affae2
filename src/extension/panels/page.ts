/** The HTML around a panel's bundle: nothing inline, nothing from elsewhere. */
import { randomBytes } from 'node:crypto';
import { env, Uri } from 'vscode';
import type { Webview, WebviewOptions } from 'vscode';

export function pageOptions(extension: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [Uri.joinPath(extension, 'dist', 'webview')] };
}

/**
 * `name` is the panel's folder under `webview/`; `later` that of a bundle which the page asks for when it needs it, under
 * `data-NAME` of its script.
 */
export function pageHtml(webview: Webview, extension: Uri, name: string, title: string, later?: string): string {
  const scripts = randomBytes(16).toString('base64');
  // The toolkit looks for a nonce when it asks the browser whether it knows `:focus-visible`; not the one for scripts.
  const styles = randomBytes(16).toString('base64');
  const asset = (file: string): string =>
    webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'webview', file)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${styles}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${scripts}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(env.language)}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${styles}">
  <title>${escape(title)}</title>
  <link rel="stylesheet" href="${asset('codicon.css')}">
  <link rel="stylesheet" href="${asset(`${name}.css`)}">
</head>
<body>
  <main id="root"></main>
  <script nonce="${scripts}" src="${asset(`${name}.js`)}"${later === undefined ? '' : ` data-${later}="${asset(`${later}.js`)}"`}></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
