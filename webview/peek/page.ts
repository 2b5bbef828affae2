/** The page from top to bottom: what it is, what can be done, what would be written, what stood out, the rows. */
import * as l10n from '@vscode/l10n';
import type { Peek, PeekDecision, ToPeekPage } from '../../src/protocol';
import { element, icon, section } from '../shared/dom';
import type { Child } from '../shared/dom';
import { bytes, count } from '../shared/format';
import type { Part } from '../shared/parts';
import { severityIcons, severityWord } from '../shared/severity';
import { visible } from '../shared/text';
import { button } from '../shared/toolkit';
import { nameElement, sentence, valueElement } from '../shared/values';

/** More cells than that make a page slow to scroll. */
const MOST_CELLS = 6_000;
const LONGEST_VALUE = 40;

export function pageParts(shown: ToPeekPage, decide: (decision: PeekDecision) => void): Part[] {
  const { peek } = shown;
  return [
    { name: 'header', says: shown, draw: () => header(shown, decide) },
    { name: 'entry', says: shown.entry, draw: () => entry(shown) },
    ...(peek.findings.length > 0 ? [{ name: 'findings', says: peek.findings, draw: () => findings(peek) }] : []),
    { name: 'rows', says: peek.rows, draw: () => section(l10n.t('First rows'), rows(peek)) },
  ];
}

function header({ peek, dataset }: ToPeekPage, decide: (decision: PeekDecision) => void): HTMLElement {
  return element('header', {}, [
    element('h1', {}, [visible(dataset)]),
    element('p', { class: 'verdict' }, [verdict(peek)]),
    element('p', { class: 'dim' }, [element('bdi', {}, [visible(peek.source)]), ...taken(peek)]),
    element('div', { class: 'actions' }, [
      button({ text: l10n.t('Add'), icon: 'add', primary: true, onClick: () => decide('add') }),
      button({ text: l10n.t('Change…'), icon: 'edit', onClick: () => decide('change') }),
      button({ text: l10n.t('Cancel'), icon: 'close', onClick: () => decide('cancel') }),
    ]),
  ]);
}

function verdict({ rows: first, total, columns }: Peek): string {
  const width = columns.length === 1 ? l10n.t('1 column') : l10n.t('{0} columns', count(columns.length));
  if (total === undefined) return l10n.t('The first {0} rows, {1}.', count(first.length), width);
  if (total === first.length) return l10n.t('All {0} rows, {1}.', count(total), width);
  return l10n.t('The first {0} of {1} rows, {2}.', count(first.length), count(total), width);
}

/** Of which file, and how much was read for it. */
function taken({ file, files, bytes: read, ofBytes }: Peek): Child[] {
  return [
    file === undefined ? undefined : ` · ${visible(file)}`,
    files === undefined ? undefined : ` · ${l10n.t('one of {0} files', count(files))}`,
    read === undefined
      ? undefined
      : ` · ${ofBytes === undefined || ofBytes === read ? l10n.t('{0} read', bytes(read)) : l10n.t('{0} of {1} read', bytes(read), bytes(ofBytes))}`,
  ];
}

function entry({ entry: text, config, credentials }: ToPeekPage): HTMLElement {
  return section(l10n.t('To be added to {0}', visible(config)), [
    element('pre', { class: 'entry', tabindex: '0' }, [text.trimEnd().split('\n').map(visible).join('\n')]),
    ...credentials.map((name) =>
      element('p', { class: 'dim' }, [
        icon('key'),
        ' ',
        l10n.t('The secret of the address is kept in the credentials of this workspace, as {0}.', visible(name)),
      ]),
    ),
  ]);
}

function findings({ findings: found }: Peek): HTMLElement {
  return section(l10n.t('Findings'), [
    element(
      'ul',
      { class: 'findings' },
      found.map(({ severity, message }) =>
        element('li', { class: severity }, [
          element('span', { class: 'severity' }, [icon(severityIcons[severity]), severityWord(severity)]),
          element('div', { class: 'body' }, [element('p', {}, sentence(message))]),
        ]),
      ),
    ),
  ]);
}

function rows({ columns, rows: values }: Peek): Child[] {
  const most = Math.max(20, Math.floor(MOST_CELLS / Math.max(1, values.length)));
  const shown = columns.slice(0, most);
  const unread = columns.filter((column) => column.unread);
  const label = l10n.t('First rows');
  const numeric = shown.map(({ type }) => (type === 'integer' || type === 'number' ? 'numeric' : undefined));
  const heads = shown.map(({ name, type }, index) =>
    element('th', { scope: 'col', class: numeric[index] }, [
      nameElement(name, LONGEST_VALUE),
      element('div', { class: 'type dim' }, [type]),
    ]),
  );
  const body = values.map((row) =>
    element(
      'tr',
      {},
      shown.map(({ unread: isUnread }, index) =>
        element('td', { class: numeric[index] }, [
          isUnread
            ? element('span', { class: 'dim' }, [l10n.t('not read')])
            : valueElement(row[index] ?? null, LONGEST_VALUE),
        ]),
      ),
    ),
  );
  return [
    unread.length === 0
      ? undefined
      : element('p', { class: 'dim' }, [
          l10n.t('Too large to be read for a look: {0}.', unread.map(({ name }) => visible(name)).join(', ')),
        ]),
    shown.length === columns.length
      ? undefined
      : element('p', { class: 'dim' }, [l10n.t('{0} of {1} columns.', count(shown.length), count(columns.length))]),
    values.length === 0 ? element('p', { class: 'dim' }, [l10n.t('There are no rows.')]) : undefined,
    element('div', { class: 'scroll rows', tabindex: '0', role: 'region', 'aria-label': label }, [
      element('table', { 'aria-label': label }, [
        element('thead', {}, [element('tr', {}, heads)]),
        element('tbody', {}, body),
      ]),
    ]),
  ];
}
