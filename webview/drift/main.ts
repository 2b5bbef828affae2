/** The page of a comparison. */
import type { FromDriftPage, ToDriftPage } from '../../src/protocol';
import { openPage, useWords } from '../shared/opening';
import '../shared/theme.css';
import '../shared/report.css';
import '../shared/filters.css';
import '../shared/columns.css';
import '../shared/charts/charts.css';
import './style.css';
import { DriftPage } from './page';

let page: DriftPage | undefined;
const door = openPage<FromDriftPage>('drift-messages', (heard) => {
  const message = heard as ToDriftPage; // only the editor can post into a panel's frame
  if (message.type === 'start' && page === undefined) {
    useWords(message);
    page = new DriftPage(document.querySelector<HTMLElement>('#root') ?? document.body, door);
  }
  page?.receive(message);
});
door.send({ type: 'ready' });
