/** What the suites inside VS Code share: the running extension, and waiting for what comes by events. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import type { BuildRequest } from '../../../src/protocol';
import type { Node } from '../../../src/extension/views/nodes';

export async function extension(): Promise<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('mldata.mldata');
  assert.ok(found);
  return found.activate();
}

/** Of a problem, which also leads to what is written about it. */
export function codeOf({ code }: vscode.Diagnostic): string | undefined {
  return typeof code === 'object' ? String(code.value) : code?.toString();
}

/** The opened folder. */
export function folder(): vscode.Uri {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first);
  return first.uri;
}

export function write(uri: vscode.Uri, text: string): Thenable<void> {
  return vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Makes a folder, and waits until it is watched: what happens in a new folder before that, VS Code may not see. */
export async function makeFolder(uri: vscode.Uri): Promise<void> {
  const watcher = vscode.workspace.createFileSystemWatcher('**');
  const seen = new Promise<void>((resolve) => {
    watcher.onDidCreate((made) => made.toString() === uri.toString() && resolve());
  });
  await vscode.workspace.fs.createDirectory(uri);
  await seen;
  watcher.dispose();
}

/** The builds that are asked of the engine while `work` goes on, with the names of all datasets shown as building. */
export async function buildsDuring({ engine, store }: ExtensionApi, work: () => Promise<unknown>) {
  const builds: (BuildRequest & { readonly building: readonly string[] })[] = [];
  const build = engine.build.bind(engine);
  engine.build = (request, ...rest) => {
    const building = store.datasets.filter(({ status }) => status === 'building').map(({ name }) => name);
    builds.push({ ...request, building });
    return build(request, ...rest);
  };
  try {
    await work();
  } finally {
    engine.build = build;
  }
  return builds;
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
  return vscode.languages.getDiagnostics(uri).map((problem) => {
    const { start, end } = problem.range;
    const place = (at: vscode.Position): string => `${at.line + 1}:${at.character + 1}`;
    return `${place(start)}-${place(end)} ${codeOf(problem) ?? ''}`;
  });
}
