/** Questions one after another in the quick input, with a way back. */
import { Disposable, l10n, QuickInputButtons, QuickPickItemKind, window } from 'vscode';
import type { QuickInput, QuickInputButton, QuickPickItem } from 'vscode';

const BACK = Symbol('back');

/** Where a question stands, for its title. */
export interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

export interface Group<T> {
  readonly heading?: string;
  readonly choices: readonly Choice<T>[];
}

interface Heading extends QuickPickItem {
  readonly kind: QuickPickItemKind.Separator;
}

export interface Text {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  /** What is wrong with the text, for people; undefined: nothing. */
  readonly validate?: (text: string) => string | undefined;
}

/**
 * Asks; resolves with the answer, with undefined where the user leaves, and with {@link BACK}.
 * @param answers also those that were taken back, to be offered again
 */
export type Ask<A> = (place: Place, answers: A) => Promise<Partial<A> | undefined | typeof BACK>;

/**
 * Asks what `questions` of the answers so far still has, in that order, and returns all answers; undefined where the
 * user leaves. Going back takes the latest answer away.
 */
export async function askInTurn<A extends object>(
  title: string,
  start: A,
  questions: (answers: A) => readonly Ask<A>[],
): Promise<A | undefined> {
  const given: A[] = [start];
  let everGiven = start;
  for (;;) {
    const answers = given.at(-1) ?? start;
    const all = questions(answers);
    const question = all[given.length - 1];
    if (question === undefined) return answers;
    const answer = await question({ title, step: given.length, totalSteps: all.length }, everGiven);
    if (answer === undefined) return undefined;
    if (answer === BACK) given.pop();
    else {
      given.push({ ...answers, ...answer });
      everGiven = { ...everGiven, ...answer };
    }
  }
}

/** @param active the value that Enter takes */
export function choose<T>(
  place: Place,
  placeholder: string,
  items: readonly Choice<T>[],
  active?: T,
): Promise<T | undefined | typeof BACK> {
  const pick = window.createQuickPick<Choice<T>>();
  pick.items = items;
  pick.placeholder = placeholder;
  pick.activeItems = items.filter(({ value }) => value === active);
  return shown(pick, place, (done) =>
    pick.onDidAccept(() => pick.selectedItems[0] && done(pick.selectedItems[0].value)),
  );
}

/**
 * Some of the items, under headings.
 * @param chosen the values that are ticked at first
 * @param validate what is wrong with a choice, for people; undefined: nothing
 */
export function chooseSome<T>(
  place: Place,
  placeholder: string,
  groups: readonly Group<T>[],
  chosen: readonly T[],
  validate: (values: readonly T[]) => string | undefined = atLeastOne,
): Promise<readonly T[] | undefined | typeof BACK> {
  const pick = window.createQuickPick<Choice<T> | Heading>();
  pick.canSelectMany = true;
  pick.items = groups.flatMap(({ heading, choices }) => [
    ...(heading === undefined ? [] : [{ label: heading, kind: QuickPickItemKind.Separator } as const]),
    ...choices,
  ]);
  pick.selectedItems = pick.items.filter((item) => 'value' in item && chosen.includes(item.value));
  pick.placeholder = placeholder;
  return shown(pick, place, (done) =>
    pick.onDidAccept(() => {
      const values = pick.selectedItems.flatMap((item) => ('value' in item ? [item.value] : []));
      const wrong = validate(values);
      if (wrong === undefined) done(values);
      else pick.placeholder = wrong;
    }),
  );
}

function atLeastOne(values: readonly unknown[]): string | undefined {
  return values.length > 0 ? undefined : l10n.t('Choose at least one.');
}

/** The text without space around it. */
export function write(place: Place, text: Text): Promise<string | undefined | typeof BACK> {
  const input = window.createInputBox();
  input.prompt = text.prompt;
  input.placeholder = text.placeholder;
  input.value = text.value ?? '';
  input.password = text.password ?? false;
  const wrong = (): string | undefined => text.validate?.(input.value.trim());
  return shown(input, place, (done) =>
    Disposable.from(
      input.onDidChangeValue(() => (input.validationMessage = undefined)),
      input.onDidAccept(() => {
        input.validationMessage = wrong();
        if (input.validationMessage === undefined) done(input.value.trim());
      }),
    ),
  );
}

async function shown<T>(
  input: QuickInput & {
    buttons: readonly QuickInputButton[];
    onDidTriggerButton: (listener: (button: QuickInputButton) => void) => Disposable;
  },
  { title, step, totalSteps }: Place,
  listen: (done: (value: T) => void) => Disposable,
): Promise<T | undefined | typeof BACK> {
  Object.assign(input, { title, step, totalSteps, ignoreFocusOut: true });
  if (step > 1) input.buttons = [QuickInputButtons.Back];
  let listening: Disposable | undefined;
  try {
    return await new Promise((resolve) => {
      listening = Disposable.from(
        listen(resolve),
        input.onDidTriggerButton(() => resolve(BACK)),
        input.onDidHide(() => resolve(undefined)),
      );
      input.show();
    });
  } finally {
    listening?.dispose();
    input.dispose();
  }
}
