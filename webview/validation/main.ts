/** The page of a validation. In a file that was exported there is one for each dataset, one below the other. */
import type { FromValidationPage, ToValidationPage } from '../../src/protocol';
import { openDoor } from '../shared/door';
import type { Door } from '../shared/door';
import { element } from '../shared/dom';
import { nobody, useWords } from '../shared/opening';
import '../shared/theme.css';
import '../shared/report.css';
import '../shared/filters.css';
import './style.css';
import { ValidationPage } from './page';

const root = document.querySelector<HTMLElement>('#root') ?? document.body;
const embedded = document.querySelector('#validation-messages');
const pages: ValidationPage[] = [];

if (embedded === null) {
  let page: ValidationPage | undefined;
  const door = openDoor<FromValidationPage>((data) => {
    const message = data as ToValidationPage; // only the editor can post into a panel's frame
    if (message.type === 'start') page ??= begin(message, root, door);
    page?.receive(message);
  });
  door.send({ type: 'ready' });
} else {
  for (const messages of JSON.parse(embedded.textContent) as ToValidationPage[][]) {
    const [start] = messages;
    if (start?.type !== 'start') continue;
    const own = element('article');
    root.append(own);
    const page = begin(start, own, nobody);
    messages.forEach((message) => page.receive(message));
  }
}

function begin(
  start: Extract<ToValidationPage, { type: 'start' }>,
  place: HTMLElement,
  door: Door<FromValidationPage>,
): ValidationPage {
  useWords(start);
  const page = new ValidationPage(place, door, `page-${pages.length}`);
  pages.push(page);
  return page;
}

document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  pages[0]?.search();
  event.preventDefault();
});
