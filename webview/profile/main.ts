/** The page of a profile. */
import type { FromProfilePage, ToProfilePage } from '../../src/protocol';
import { openPage, useWords } from '../shared/opening';
import '../shared/theme.css';
import '../shared/report.css';
import '../shared/filters.css';
import '../shared/columns.css';
import '../shared/charts/charts.css';
import './style.css';
import { ProfilePage } from './page';

let page: ProfilePage | undefined;
const door = openPage<FromProfilePage>('profile-messages', (heard) => {
  const message = heard as ToProfilePage; // only the editor can post into a panel's frame
  if (message.type !== 'start') {
    page?.receive(message);
    return;
  }
  useWords(message);
  page ??= new ProfilePage(document.querySelector<HTMLElement>('#root') ?? document.body, door);
  page.begin(message);
});
door.send({ type: 'ready' });
