/** Everything that was found, as a table that sorts and filters. Its search keeps what is typed while the table changes. */
import * as l10n from '@vscode/l10n';
import { severitySchema } from '../../src/protocol/finding';
import type { CheckName, QualityFinding, Severity } from '../../src/protocol';
import { chip } from '../shared/chip';
import { element, icon, link } from '../shared/dom';
import type { Child } from '../shared/dom';
import { count } from '../shared/format';
import { severityIcons, severityWord } from '../shared/severity';
import { cut, visible } from '../shared/text';
import { nameElement, sentence, valueElement } from '../shared/values';
import { shownFindings, wholeView } from './findingFilter';
import type { FindingsView, PlacedFinding, SortKey } from './findingFilter';
import type { PageState, Send } from './state';

/** More rows than these at once would be slow, and nobody reads them. */
const PAGE = 100;
const MOST_PLACES = 6;
const MOST_SAMPLES = 5;

export class FindingsTable {
  readonly element: HTMLElement;
  private view: FindingsView = wholeView;
  private findings: readonly QualityFinding[] = [];
  private offers: PageState['offers'] = { engine: false, config: false, places: false };
  private help: PageState['help'] = {};
  private limit = PAGE;

  private readonly searchBox = element('input', {
    type: 'search',
    class: 'search',
    placeholder: l10n.t('Filter findings (press /)'),
    'aria-label': l10n.t('Filter findings by text'),
    spellcheck: 'false',
  }) as HTMLInputElement;
  private readonly severities = element('div', { class: 'chips', role: 'group', 'aria-label': l10n.t('Show only') });
  private readonly checks = choice(l10n.t('Check'));
  private readonly columns = choice(l10n.t('Column'));
  private readonly told = element('p', { class: 'told dim', role: 'status' });
  private readonly place = element('div', { class: 'scroll' });
  private readonly tools = element('div', { class: 'tools' }, [
    this.searchBox,
    this.checks.element,
    this.columns.element,
    this.severities,
  ]);

  constructor(
    id: string,
    private readonly send: Send,
    private readonly onView: (view: FindingsView) => void,
  ) {
    this.element = element('section', { 'aria-labelledby': id, class: 'findings-section' }, [
      element('h2', { id }, [l10n.t('Findings')]),
      this.tools,
      this.told,
      this.place,
    ]);
    this.searchBox.addEventListener('input', () => this.change({ search: this.searchBox.value }));
    this.searchBox.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.searchBox.value === '') return;
      this.change({ search: '' });
      event.preventDefault();
    });
    this.checks.select.addEventListener('change', () =>
      this.change({ check: this.checks.select.value as CheckName | '' }),
    );
    this.columns.select.addEventListener('change', () => this.change({ column: this.columns.select.value }));
  }

  show(
    findings: readonly QualityFinding[],
    { offers, help }: Pick<PageState, 'offers' | 'help'>,
    view: FindingsView,
  ): void {
    const isSame =
      findings === this.findings && JSON.stringify([offers, view]) === JSON.stringify([this.offers, this.view]);
    if (isSame && this.place.childElementCount > 0) return;
    this.findings = findings;
    this.offers = offers;
    this.help = help;
    const checks = [...new Set(findings.map(({ check }) => check))];
    const columns = [...new Set(findings.flatMap(({ column }) => column ?? []))].sort((a, b) => a.localeCompare(b));
    this.checks.fill(checks);
    this.columns.fill(columns);
    // What is no longer found is not filtered by either.
    const isThere = (value: string, values: readonly string[]): boolean => values.includes(value);
    this.view = {
      ...view,
      check: isThere(view.check, checks) ? view.check : '',
      column: isThere(view.column, columns) ? view.column : '',
    };
    this.draw();
  }

  /** Of one check only, and all of those. */
  only(check: CheckName): void {
    this.change({ ...wholeView, check });
    this.element.scrollIntoView({ block: 'start', behavior: 'instant' });
    this.checks.select.focus({ preventScroll: true });
  }

  search(): void {
    this.searchBox.focus();
  }

  private change(part: Partial<FindingsView>): void {
    this.view = { ...this.view, ...part };
    this.limit = PAGE;
    this.onView(this.view);
    this.draw();
  }

  private draw(): void {
    const { view, findings } = this;
    const focused = document.activeElement?.getAttribute('data-key');
    if (this.searchBox.value !== view.search) this.searchBox.value = view.search;
    this.checks.select.value = view.check;
    this.columns.select.value = view.column;
    this.severities.replaceChildren(...this.chips());
    this.tools.hidden = findings.length === 0;
    const shown = shownFindings(findings, view);
    this.told.textContent =
      shown.length === findings.length
        ? ''
        : l10n.t('{0} of {1} findings', count(shown.length), count(findings.length));
    this.place.replaceChildren(...this.content(shown));
    if (typeof focused === 'string') {
      this.element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  private content(shown: readonly PlacedFinding[]): HTMLElement[] {
    if (this.findings.length === 0) return [element('p', { class: 'dim' }, [l10n.t('Nothing was found.')])];
    if (shown.length === 0) {
      const all = link(l10n.t('Show all findings'), 'findings/all', () => this.change(wholeView));
      return [element('p', { class: 'dim' }, [l10n.t('No finding is like this.'), ' ', all])];
    }
    const rows = shown.slice(0, this.limit).map((each) => this.row(each));
    const body = element('tbody', {}, rows);
    const table = element('table', { class: 'found', 'aria-label': l10n.t('Findings') }, [this.head(), body]);
    if (shown.length <= this.limit) return [table];
    const more = link(
      l10n.t('Show {0} more', count(Math.min(PAGE, shown.length - this.limit))),
      'findings/more',
      () => {
        this.limit += PAGE;
        this.draw();
      },
    );
    more.classList.add('more');
    return [table, more];
  }

  private head(): HTMLElement {
    const sorted = (key: SortKey, text: string, numeric = false): HTMLElement => {
      const isSorted = this.view.sort === key;
      const direction = this.view.descending ? 'descending' : 'ascending';
      const button = element('button', { type: 'button', class: 'sorter', 'data-key': `sort/${key}` }, [
        text,
        icon(!isSorted ? 'blank' : this.view.descending ? 'arrow-down' : 'arrow-up'),
      ]);
      button.addEventListener('click', () =>
        this.change({ sort: key, descending: isSorted ? !this.view.descending : key === 'count' }),
      );
      return element(
        'th',
        { scope: 'col', class: numeric ? 'numeric' : undefined, 'aria-sort': isSorted ? direction : 'none' },
        [button],
      );
    };
    return element('thead', {}, [
      element('tr', {}, [
        sorted('severity', l10n.t('Severity')),
        sorted('check', l10n.t('Check')),
        sorted('column', l10n.t('Column')),
        sorted('count', l10n.t('Count'), true),
        element('th', { scope: 'col' }, [l10n.t('Finding')]),
      ]),
    ]);
  }

  private row({ finding, at }: PlacedFinding): HTMLElement {
    const { severity, check, column, count: times } = finding;
    return element('tr', { class: severity }, [
      element('td', { class: 'severity-cell' }, [
        element('span', { class: `severity severity-mark ${severity}` }, [
          icon(severityIcons[severity]),
          severityWord(severity),
        ]),
      ]),
      element('td', {}, [check]),
      element('td', { class: 'column-cell' }, [column === undefined ? undefined : nameElement(column, 40)]),
      element('td', { class: 'numeric' }, [times === undefined ? undefined : count(times)]),
      element('td', { class: 'finding-cell' }, this.body(finding, at)),
    ]);
  }

  private body(finding: QualityFinding, at: number): Child[] {
    const { code, message, suggestion, split, expected, actual, samples = [] } = finding;
    const open = this.offers.config
      ? link(
          code,
          `finding/${at}`,
          () => this.send({ type: 'openConfig', finding: at }),
          l10n.t('Open the line in the configuration'),
        )
      : element('span', { class: 'dim' }, [code]);
    const against =
      expected === undefined || actual === undefined
        ? undefined
        : element('p', { class: 'dim' }, sentence(l10n.t('Expected {0}, found {1}.', expected, actual)));
    return [
      element('p', {}, [
        ...sentence(message),
        ' ',
        ...(split === undefined ? [] : [element('span', { class: 'dim' }, [l10n.t('split {0}', split)]), ' ']),
        open,
      ]),
      against,
      suggestion === undefined ? undefined : element('p', { class: 'dim' }, sentence(suggestion)),
      samples.length === 0
        ? undefined
        : element('p', { class: 'samples' }, [
            element('span', { class: 'dim' }, [l10n.t('For example:')]),
            ...samples.slice(0, MOST_SAMPLES).map((sample) => element('code', {}, [valueElement(sample, 40)])),
          ]),
      this.places(finding, at),
      this.about(code),
    ];
  }

  /** What docs/findings.md says of the code. */
  private about(code: string): HTMLElement | undefined {
    const help = Object.hasOwn(this.help, code) ? this.help[code] : undefined;
    if (help === undefined) return undefined;
    return element('details', { class: 'about dim' }, [
      element('summary', {}, [l10n.t('About {0}', code)]),
      element('p', {}, sentence(`${help.cause} ${help.remedy}`.trim())),
    ]);
  }

  private places({ locations = [] }: QualityFinding, at: number): HTMLElement | undefined {
    if (locations.length === 0) return undefined;
    return element(
      'ul',
      { class: 'places' },
      locations.slice(0, MOST_PLACES).map(({ file, line, row, text }, place) => {
        const name = cut(visible(file), 60);
        const label =
          line !== undefined ? `${name}:${line}` : row !== undefined ? l10n.t('{0}, row {1}', name, count(row)) : name;
        return element('li', {}, [
          this.offers.places
            ? link(
                label,
                `place/${at}/${place}`,
                () => this.send({ type: 'openPlace', finding: at, place }),
                l10n.t('Open the data there'),
              )
            : label,
          text === undefined ? undefined : element('code', {}, [valueElement(text, 40)]),
        ]);
      }),
    );
  }

  private chips(): HTMLElement[] {
    const amounts = severitySchema.options.map((severity) => ({
      severity,
      size: this.findings.filter((finding) => finding.severity === severity).length,
    }));
    const there = amounts.filter(({ size }) => size > 0);
    return there.length < 2 ? [] : there.map(({ severity, size }) => this.chip(severity, size));
  }

  private chip(severity: Severity, size: number): HTMLElement {
    const { severities } = this.view;
    const pressed = severities.includes(severity);
    return chip(severityIcons[severity], severityWord(severity), size, pressed, `severity/${severity}`, () =>
      this.change({
        severities: pressed ? severities.filter((each) => each !== severity) : [...severities, severity],
      }),
    );
  }
}

interface Choice {
  readonly element: HTMLElement;
  readonly select: HTMLSelectElement;
  fill(values: readonly string[]): void;
}

/** One of the values, or all of them; there is nothing to choose from one. */
function choice(label: string): Choice {
  const select = element('select', { 'aria-label': label, title: label }) as HTMLSelectElement;
  return {
    element: select,
    select,
    fill: (values) => {
      select.replaceChildren(
        element('option', { value: '' }, [l10n.t('{0}: all', label)]),
        ...values.map((value) => element('option', { value }, [cut(visible(value), 60)])),
      );
      select.hidden = values.length < 2;
    },
  };
}
