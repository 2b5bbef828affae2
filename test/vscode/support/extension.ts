/** What the suites inside VS Code share: the running extension, and waiting for what comes by events. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import type { Node } from '../../../src/extension/views/nodes';

export async function extension(): Promise<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('mldata.mldata');
  assert.ok(found);
  return found.activate();
}

/** The opened folder. */
export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return first.uri;
}

/** Asks until there is an answer. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 10_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`);
}

/** The Datasets view as indented lines of label and description, as a person reads it. */
export function drawTree({ tree }: ExtensionApi, nodes: readonly Node[] = tree.getChildren(), indent = ''): string[] {
  return nodes.flatMap((node) => {
    const { label, description } = tree.getTreeItem(node);
    const text = [typeof label === 'string' ? label : label?.label, description].filter((part) => part !== undefined);
    return [
      `${indent}${text.join(' | ')}`,
      ...drawTree({ tree } as ExtensionApi, tree.getChildren(node), `${indent}  `),
    ];
  });
}

/** Diagnostics of a file as `line:column-endLine:endColumn code`, counted from 1 as in the Problems panel. */
export function problems(uri: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(uri).map(({ range: { start, end }, code }) => {
    const place = (at: vscode.Position): string => `${at.line + 1}:${at.character + 1}`;
    return `${place(start)}-${place(end)} ${typeof code === 'string' ? code : ''}`;
  });
}
