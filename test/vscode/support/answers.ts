/** Answers the questions of the quick input and of messages, as a person would, and keeps what was asked. */
import * as vscode from 'vscode';

/** By placeholder: the labels to choose, or to tick; what is not named here is taken as it is offered. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/**
 * @param pressed the button that is pressed in every message that has it
 * @returns the questions with what was chosen, and the messages
 */
export async function answering(
  answers: Answers,
  pressed: readonly string[],
  work: () => Thenable<unknown>,
): Promise<string[]> {
  const { showWarningMessage, showInformationMessage, showErrorMessage, createQuickPick } = vscode.window;
  const said: string[] = [];
  const press = (message: string, ...items: unknown[]): Promise<unknown> => {
    said.push(message);
    return Promise.resolve(items.find((each) => pressed.includes(String(each))));
  };
  const create = <T extends vscode.QuickPickItem>(): vscode.QuickPick<T> => {
    const pick = createQuickPick<T>();
    const show = pick.show.bind(pick);
    pick.show = () => {
      const { placeholder = '', canSelectMany } = pick;
      const wanted = answers[placeholder];
      const items = pick.items.filter(({ label }) => wanted?.includes(label));
      if (wanted !== undefined && canSelectMany) pick.selectedItems = items;
      else if (wanted !== undefined) pick.activeItems = items;
      const chosen = canSelectMany ? pick.selectedItems : pick.activeItems;
      said.push(`${placeholder} ${chosen.map(({ label }) => label).join(', ')}`);
      show();
      void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
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
    await work();
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage, showErrorMessage, createQuickPick });
  }
  return said;
}
