/** The page of a build report. */
import type { FromBuildReport, ToBuildReport } from '../../src/protocol';
import { openDoor } from '../shared/door';
import '../shared/theme.css';
import './style.css';
import { renderMissing, renderReport } from './report';
import { renderSplits } from './splits';

const root = document.querySelector<HTMLElement>('#root') ?? document.body;
const door = openDoor<FromBuildReport>((data) => {
  const message = data as ToBuildReport; // only the editor can post into a panel's frame
  if (message.type === 'missing') {
    root.replaceChildren(renderMissing(message, (answer) => door.send(answer)));
    return;
  }
  const { view, words, locale, state } = message;
  door.keep(state);
  document.documentElement.lang = locale;
  const scrolled = window.scrollY;
  root.replaceChildren(...renderReport(view, words, (answer) => door.send(answer)));
  const chart = root.querySelector<HTMLElement>('#splits');
  if (chart !== null && view.splits !== undefined) renderSplits(chart, view.splits, words, locale);
  window.scrollTo(0, scrolled);
});
door.send({ type: 'ready' });
