/** The page of a profile. */
import * as l10n from '@vscode/l10n';
import type { ToProfilePage } from '../../src/protocol';
import { useLocale } from '../shared/format';
import '../shared/theme.css';
import '../shared/report.css';
import '../shared/filters.css';
import './overview.css';
import './columns.css';
import './charts.css';
import { openHost } from './host';
import { ProfilePage } from './page';

let page: ProfilePage | undefined;
const host = openHost((message: ToProfilePage) => {
  if (message.type !== 'start') {
    page?.receive(message);
    return;
  }
  // Words first: every part of the page is made of them.
  if (message.words !== undefined) l10n.config({ contents: { ...message.words } });
  useLocale(message.locale);
  document.documentElement.lang = message.words === undefined ? 'en' : message.locale;
  page ??= new ProfilePage(document.querySelector<HTMLElement>('#root') ?? document.body, host);
  page.begin(message);
});
host.send({ type: 'ready' });
