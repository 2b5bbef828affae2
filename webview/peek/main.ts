/** The page with the first rows of a source that is not in a config yet. */
import * as l10n from '@vscode/l10n';
import type { FromPeekPage, ToPeekPage } from '../../src/protocol';
import { openDoor } from '../shared/door';
import { useLocale } from '../shared/format';
import { Parts } from '../shared/parts';
import '../shared/theme.css';
import '../shared/report.css';
import { pageParts } from './page';
import './style.css';

const page = new Parts(document.querySelector<HTMLElement>('#root') ?? document.body);

const door = openDoor<FromPeekPage>((data) => {
  const message = data as ToPeekPage; // only the editor can post into a panel's frame
  if (message.words !== undefined) l10n.config({ contents: { ...message.words } });
  useLocale(message.locale);
  document.documentElement.lang = message.locale;
  page.show(pageParts(message, (decision) => door.send({ type: 'decide', decision })));
});

door.send({ type: 'ready' });
