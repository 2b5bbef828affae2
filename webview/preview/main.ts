/** The page that tries the transforms of a dataset. */
import * as l10n from '@vscode/l10n';
import type { FromPreviewPage, ToPreviewPage } from '../../src/protocol';
import { openDoor } from '../shared/door';
import { useLocale } from '../shared/format';
import { Parts } from '../shared/parts';
import '../shared/theme.css';
import '../shared/report.css';
import { pageParts, type PageState } from './page';
import './style.css';

const page = new Parts(document.querySelector<HTMLElement>('#root') ?? document.body);
let state: PageState = { activity: { state: 'working' }, show: 'all' };

const door = openDoor<FromPreviewPage>((data) => {
  const message = data as ToPreviewPage; // only the editor can post into a panel's frame
  switch (message.type) {
    case 'start':
      if (message.words !== undefined) l10n.config({ contents: { ...message.words } });
      useLocale(message.locale);
      document.documentElement.lang = message.locale;
      break;
    case 'state': {
      const { activity } = message;
      door.keep(message.state);
      state = { ...state, activity, panel: message.state };
      break;
    }
    case 'preview':
      state = { ...state, preview: message.preview, steps: message.steps, show: 'all' };
      break;
  }
  draw();
});

function draw(): void {
  page.show(
    pageParts(state, {
      send: (message) => door.send(message),
      show: (show) => {
        state = { ...state, show };
        draw();
      },
    }),
  );
}

door.send({ type: 'ready' });
