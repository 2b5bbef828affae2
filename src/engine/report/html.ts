/**
 * A report as one web page that needs nothing else: the page of the editor's panel with its parts inside, the document
 * as JSON, and a policy under which only those parts run and nothing is fetched.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { helpFor } from '../../config';
import type {
  Drift,
  FindingHelp,
  Profile,
  Quality,
  ToDriftPage,
  ToProfilePage,
  ToValidationPage,
} from '../../protocol';

/** Folder of the panels' bundles, beside the bundle of this. */
const ASSETS = join(__dirname, 'webview');

/** @param assets the folder that holds the bundles of the panels */
export function profileHtml(profile: Profile, assets = ASSETS): Promise<string> {
  const messages = JSON.stringify(profileMessages(profile));
  return onePage(
    { name: 'profile', title: profile.dataset, version: profile.tool.version, messages, charts: true },
    assets,
  );
}

/** One page for all of them, one below the other. */
export function qualityHtml(
  qualities: readonly Quality[],
  docs: ReadonlyMap<string, FindingHelp>,
  assets = ASSETS,
): Promise<string> {
  const title = qualities.map(({ dataset }) => dataset).join(', ');
  const messages = JSON.stringify(qualities.map((quality) => qualityMessages(quality, docs)));
  const version = qualities[0]?.tool.version ?? '';
  return onePage({ name: 'validation', title, version, messages, charts: false }, assets);
}

export function driftHtml(drift: Drift, assets = ASSETS): Promise<string> {
  const title = titleOf(drift);
  const messages = JSON.stringify(driftMessages(drift));
  return onePage({ name: 'drift', title, version: drift.tool.version, messages, charts: true }, assets);
}

function titleOf({ baseline, current }: Drift): string {
  return `${baseline.reference} → ${current.reference}`;
}

interface Page {
  /** Folder of the panel under `webview/`. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** As JSON: what the editor would tell the page, of an engine that is not there. */
  readonly messages: string;
  /** Whether the page draws charts, whose bundle is one of its own. */
  readonly charts: boolean;
}

async function onePage({ name, title, version, messages, charts }: Page, assets: string): Promise<string> {
  const read = (file: string): Promise<string> => readFile(join(assets, file), 'utf8');
  const font = (await readFile(join(assets, 'codicon.ttf'))).toString('base64');
  const icons = (await read('codicon.css')).replace(/url\("[^"]*"\)/, `url("data:font/ttf;base64,${font}")`);
  const styles = [icons, await read('tokens.css'), await read(`${name}.css`)].map(withoutMap).join('\n');
  const page = asInline(await read(`${name}.js`));
  const drawing = charts ? asInline(await read('charts.js')) : undefined;
  const json = embedded(messages);
  // The controls put a style of their own into the page, which they sign with what they find in the head.
  const nonce = createHash('sha256').update(json).digest('base64');
  const policy = [
    "default-src 'none'",
    'font-src data:',
    `style-src ${hashOf(styles)} 'nonce-${nonce}'`,
    `script-src ${[page, drawing].flatMap((code) => (code === undefined ? [] : hashOf(code))).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="generator" content="mldata ${escaped(version)}">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
<main id="root"></main>
<noscript>This report is drawn by the script in it. Allow scripts for this file to see it.</noscript>
<script type="application/json" id="${name}-messages">${json}</script>
${drawing === undefined ? '' : `<script type="text/plain" id="charts">${drawing}</script>\n`}<script>${page}</script>
</body>
</html>
`;
}

function profileMessages(profile: Profile): ToProfilePage[] {
  const request = { target: profile.dataset, folder: '' };
  return [
    {
      type: 'start',
      title: profile.dataset,
      locale: 'en',
      state: { request, title: profile.dataset },
      offers: { engine: false, config: false },
    },
    { type: 'profile', profile },
    { type: 'activity', activity: { state: 'done' } },
  ];
}

function qualityMessages(quality: Quality, docs: ReadonlyMap<string, FindingHelp>): ToValidationPage[] {
  const title = quality.dataset;
  return [
    { type: 'start', title, locale: 'en', offers: { engine: false, config: false, places: false } },
    { type: 'quality', quality, help: helpFor(quality.findings, docs) },
    { type: 'activity', activity: { state: 'done' } },
  ];
}

function driftMessages(drift: Drift): ToDriftPage[] {
  return [
    { type: 'start', title: titleOf(drift), locale: 'en', offers: { engine: false, config: false } },
    { type: 'drift', drift },
    { type: 'activity', activity: { state: 'done' } },
  ];
}

/** JSON within a script element: nothing in it ends the element, or begins a comment. */
function embedded(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Code within a script element; in a text or a pattern, where these can stand, the backslash changes nothing. */
function asInline(code: string): string {
  return withoutMap(code)
    .replaceAll('\r', '')
    .replace(/<(?=\/script|!--|script)/gi, '\\x3c');
}

/** What is inside one file has no file beside it. */
function withoutMap(text: string): string {
  return text.replace(/(?:\/\/|\/\*)# sourceMappingURL=.*$/gm, '').trim();
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}
