/** What a code means and what to do about it: the documentation that problems link to, shown as a page of its own. */
import { readFileSync } from 'node:fs';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { TextDocumentContentProvider } from 'vscode';
import { findingDocs, helpFor } from '../../config';
import type { FindingHelp } from '../../protocol';
import { CommandId } from '../commandIds';
import { Disposable } from '../disposable';

const SCHEME = 'mldata-finding';

/** What a problem with this code links to. */
export function helpLink(code: string): Uri {
  return Uri.from({ scheme: 'command', path: CommandId.explainFinding, query: JSON.stringify([code]) });
}

export class FindingHelps extends Disposable implements TextDocumentContentProvider {
  private known: ReadonlyMap<string, FindingHelp> | undefined;

  /** @param file docs/findings.md as it was packed, absolute */
  constructor(private readonly file: string) {
    super();
    this._register(workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  /** Of the codes of these findings. */
  of(findings: readonly { readonly code: string }[]): Record<string, FindingHelp> {
    return helpFor(findings, (this.known ??= findingDocs(readFileSync(this.file, 'utf8'))));
  }

  provideTextDocumentContent({ path }: Uri): string {
    const code = path.replace(/^\/|\.md$/g, '');
    const { cause = l10n.t('Nothing more is known of this code.'), remedy = '' } = this.of([{ code }])[code] ?? {};
    return `# ${code}\n\n${[cause, remedy].filter((text) => text !== '').join('\n\n')}\n`;
  }

  /** Shows the page of a code: rendered, where the editor can. */
  async show(code: unknown): Promise<void> {
    if (typeof code !== 'string' || !/^[a-z0-9-]+$/.test(code)) return;
    const page = Uri.from({ scheme: SCHEME, path: `/${code}.md` });
    const rendered = (await commands.getCommands(true)).includes('markdown.showPreview');
    if (rendered) await commands.executeCommand('markdown.showPreview', page);
    else await window.showTextDocument(page, { preview: true });
  }
}
