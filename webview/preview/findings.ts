/** What is wrong with steps, worst first, each leading to its line. */
import type { Finding, FromPreviewPage } from '../../src/protocol';
import { element, icon, link } from '../shared/dom';
import { severityIcons, severityWord } from '../shared/severity';
import { sentence } from '../shared/values';
import * as l10n from '@vscode/l10n';

/** @param open whether the editor knows these findings by their positions */
export function findingList(
  findings: readonly Finding[],
  open: boolean,
  send: (message: FromPreviewPage) => void,
): HTMLElement {
  return element(
    'ul',
    { class: 'findings' },
    findings.map(({ severity, code, message, suggestion }, finding) =>
      element('li', { class: severity }, [
        element('span', { class: 'severity' }, [icon(severityIcons[severity]), severityWord(severity)]),
        element('div', { class: 'body' }, [
          element('p', {}, [
            ...sentence(message),
            ' ',
            open
              ? link(
                  code,
                  `finding/${finding}`,
                  () => send({ type: 'openFinding', finding }),
                  l10n.t('Open the line in the configuration'),
                )
              : element('span', { class: 'dim' }, [code]),
          ]),
          suggestion === undefined ? undefined : element('p', { class: 'dim' }, sentence(suggestion)),
        ]),
      ]),
    ),
  );
}
