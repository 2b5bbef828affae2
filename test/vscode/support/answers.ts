/** Answers the questions of the quick input and of messages, as a person would, and keeps what was asked. */
import * as vscode from 'vscode';

/** The labels to choose, or to tick; to leave; to go back, where that question comes for the first time. */
export type Answer = readonly string[] | 'leave' | 'back';

/** By placeholder; what is not named here is taken as it is offered. */
export type Answers = Readonly<Record<string, Answer>>;

/**
 * @param pressed the button that is pressed in every message that has it
 * @param work is given what was said so far
 * @returns the questions with what was chosen, and the messages; a choice that is refused is followed by why, and left
 */
export async function answering(
  answers: Answers,
  pressed: readonly string[],
  work: (said: readonly string[]) => Thenable<unknown>,
): Promise<string[]> {
  const { showWarningMessage, showInformationMessage, showErrorMessage, createQuickPick } = vscode.window;
  const said: string[] = [];
  const left = new Map(Object.entries(answers));
  const press = (message: string, ...items: unknown[]): Promise<unknown> => {
    said.push(message);
    return Promise.resolve(items.find((each) => pressed.includes(String(each))));
  };
  const create = <T extends vscode.QuickPickItem>(): vscode.QuickPick<T> => {
    const pick = createQuickPick<T>();
    const show = pick.show.bind(pick);
    const accept = async (asked: string): Promise<void> => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      if (pick.placeholder === asked) return;
      said.push(pick.placeholder ?? '');
      pick.hide();
    };
    pick.show = () => {
      const { placeholder = '', canSelectMany } = pick;
      const wanted = left.get(placeholder);
      if (typeof wanted === 'object') {
        const items = pick.items.filter(({ label }) => wanted.includes(label));
        if (canSelectMany) pick.selectedItems = items;
        else pick.activeItems = items;
      }
      const chosen = canSelectMany ? pick.selectedItems : pick.activeItems;
      said.push(`${placeholder} ${typeof wanted === 'string' ? wanted : chosen.map(({ label }) => label).join(', ')}`);
      show();
      if (wanted === 'leave') pick.hide();
      else if (wanted === 'back') {
        left.delete(placeholder);
        void vscode.commands.executeCommand('workbench.action.quickInputBack');
      } else void accept(placeholder);
    };
    return pick;
  };
  Object.assign(vscode.window, {
    showWarningMessage: press,
    showInformationMessage: press,
    showErrorMessage: press,
    createQuickPick: create,
  });
  try {
    await work(said);
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage, showErrorMessage, createQuickPick });
  }
  return said;
}

/** Cancels what shows its progress in a notification, once it tells how far it is. */
export async function cancelling<T>(work: () => Promise<T>): Promise<T> {
  const { withProgress } = vscode.window;
  const withCancelled: typeof withProgress = (options, task) =>
    withProgress(options, (progress) => {
      const source = new vscode.CancellationTokenSource();
      const report: typeof progress.report = (value) => {
        progress.report(value);
        source.cancel();
      };
      return task({ report }, source.token);
    });
  Object.assign(vscode.window, { withProgress: withCancelled });
  try {
    return await work();
  } finally {
    Object.assign(vscode.window, { withProgress });
  }
}
