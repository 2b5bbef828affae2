/** The page of the data grid. */
import * as l10n from '@vscode/l10n';
import type { FromGridPage, GridPanelState, ToGridPage } from '../../src/protocol';
import { openDoor } from '../shared/door';
import '../shared/theme.css';
import './style.css';
import { DataPage } from './page';
import { Questions } from './questions';

const send = (message: FromGridPage): void => door.send(message);
const questions = new Questions(send);
const root = document.querySelector<HTMLElement>('#root') ?? document.body;
let page: DataPage | undefined;

const door = openDoor<FromGridPage>((data) => {
  const message = data as ToGridPage; // only the editor can post into a panel's frame
  switch (message.type) {
    case 'opening':
      document.documentElement.lang = message.locale;
      if (message.words !== undefined) l10n.config({ contents: { ...message.words } });
      page ??= new DataPage(root, stateOf(message), questions, send, (state) => door.keep(state));
      page.opening();
      return;
    case 'opened':
      page?.opened(message);
      return;
    case 'show':
      page?.show(message.show);
      return;
    case 'failed':
      page?.failed(message.error);
      return;
    default:
      questions.answered(message);
  }
});
send({ type: 'ready' });

/** A page that was hidden comes back with nothing but what it kept. */
function stateOf({ state, kept }: Extract<ToGridPage, { readonly type: 'opening' }>): GridPanelState {
  return (kept ? (door.kept() as GridPanelState | undefined) : undefined) ?? state;
}
