/** The page of a build report. */
import type { FromBuildReport, ToBuildReport } from '../../src/protocol';
import { openDoor } from '../shared/door';
import '../shared/theme.css';
import '../shared/report.css';
import './style.css';
import { Parts } from '../shared/parts';
import { missingParts, reportParts } from './report';

const page = new Parts(document.querySelector<HTMLElement>('#root') ?? document.body);
const door = openDoor<FromBuildReport>((data) => {
  const message = data as ToBuildReport; // only the editor can post into a panel's frame
  const send = (answer: FromBuildReport): void => door.send(answer);
  if (message.type === 'missing') {
    page.show(missingParts(message, send));
    return;
  }
  const { view, words, locale, state } = message;
  door.keep(state);
  document.documentElement.lang = locale;
  page.show(reportParts(view, words, locale, send));
});
door.send({ type: 'ready' });
