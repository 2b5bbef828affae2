/** From when on a difference is low, medium and high: three sliders, and where the figure stands among them. */
import * as l10n from '@vscode/l10n';
import { driftLevels } from '../../src/protocol/driftSpec';
import { isTest, levelOf } from '../../src/protocol/driftLevel';
import type { DriftMeasure, Levels } from '../../src/protocol';
import { element } from '../shared/dom';
import { full } from '../shared/format';
import { withBound } from './judge';
import { measured } from './measures';
import { statusMark } from './statusMark';
import { statusWord } from './statuses';

const STEPS = 400;
/** The smallest p-value that can be chosen, as a power of ten. */
const LOWEST = -6;
/** Beyond which a measure never is. */
const ends: Readonly<Partial<Record<DriftMeasure, number>>> = {
  ...{ js: 1, hellinger: 1, tvd: 1, linf: 1, cramersV: 1, missing: 1 },
  meanShift: 2,
};

export interface EditorOptions {
  readonly measure: DriftMeasure;
  readonly levels: Levels;
  /** Where the figure of the column stands; absent: of no one column. */
  readonly value?: number | null;
  /** Tells its controls from those of others. */
  readonly key: string;
  readonly onChange: (levels: Levels) => void;
}

export class ThresholdEditor {
  readonly element: HTMLElement;
  private levels: Levels;
  private readonly sliders: readonly HTMLInputElement[];
  private readonly numbers: readonly HTMLInputElement[];
  private readonly zones = ['none', ...driftLevels].map((level) => element('span', { class: `zone ${level}` }));
  private readonly marker = element('span', { class: 'marker' });
  private readonly top: number;

  constructor(private readonly options: EditorOptions) {
    const { levels, measure, value, key } = options;
    this.levels = levels;
    // Beyond the highest level there is room for more, and for the figure itself.
    this.top = Math.min(ends[measure] ?? Infinity, Math.max(2 * levels[2], 1.2 * (value ?? 0), 0.1));
    const input = (type: string, level: string, at: number): HTMLInputElement => {
      const label = isTest(measure)
        ? l10n.t('{0}: p-value of at most', statusWord(driftLevels[at] ?? 'low'))
        : l10n.t('{0}: from', statusWord(driftLevels[at] ?? 'low'));
      const attributes = { type, 'aria-label': label, 'data-key': `${key}/${level}/${type}` };
      const range = type === 'range' ? { min: '0', max: `${STEPS}`, step: '1' } : { min: '0', step: 'any' };
      return element('input', { ...attributes, ...range }) as HTMLInputElement;
    };
    this.sliders = driftLevels.map((level, at) => input('range', level, at));
    this.numbers = driftLevels.map((level, at) => input('number', level, at));
    this.sliders.forEach((slider, at) =>
      slider.addEventListener('input', () => this.move(at, this.valueAt(Number(slider.value) / STEPS))),
    );
    this.numbers.forEach((number, at) =>
      number.addEventListener('change', () => {
        const bound = Number(number.value);
        if (number.value !== '' && Number.isFinite(bound) && bound >= 0) this.move(at, bound);
        else this.draw();
      }),
    );
    this.element = element('div', { class: 'threshold-editor' }, [
      element('div', { class: 'scale', 'aria-hidden': 'true' }, [...this.zones, this.marker]),
      ...driftLevels.map((level, at) =>
        element('div', { class: 'bound' }, [statusMark(level), this.sliders[at], this.numbers[at]]),
      ),
    ]);
    this.draw();
  }

  /** Changed elsewhere. */
  show(levels: Levels): void {
    if (JSON.stringify(levels) === JSON.stringify(this.levels)) return;
    this.levels = levels;
    this.draw();
  }

  private move(at: number, bound: number): void {
    this.levels = withBound(this.options.measure, this.levels, at, bound);
    this.draw();
    this.options.onChange(this.levels);
  }

  private draw(): void {
    const { measure, value } = this.options;
    this.levels.forEach((bound, at) => {
      const [slider, number] = [this.sliders[at], this.numbers[at]];
      if (slider !== undefined) slider.value = `${Math.round(this.placeOf(bound) * STEPS)}`;
      slider?.setAttribute('aria-valuetext', measured(measure, bound));
      if (number !== undefined && document.activeElement !== number) number.value = `${bound}`;
    });
    // The scale runs from no difference at the left to a large one at the right.
    const places = [0, ...this.levels.map((bound) => this.rightward(bound)), 1];
    this.zones.forEach((zone, at) => {
      zone.style.flexGrow = `${Math.max(0, (places[at + 1] ?? 1) - (places[at] ?? 0))}`;
    });
    this.marker.hidden = value === undefined || value === null;
    if (value === undefined || value === null) return;
    this.marker.style.left = `${100 * this.rightward(value)}%`;
    this.marker.className = `marker ${levelOf(measure, value, this.levels) ?? 'none'}`;
    this.marker.title = `${measured(measure, value)} (${full(value)})`;
  }

  private rightward(value: number): number {
    const place = this.placeOf(value);
    return isTest(this.options.measure) ? 1 - place : place;
  }

  /** On the slider, 0–1; p-values by their logarithm. */
  private placeOf(value: number): number {
    const place = isTest(this.options.measure)
      ? 1 - Math.log10(Math.max(value, 10 ** LOWEST)) / LOWEST
      : value / this.top;
    return Math.min(1, Math.max(0, place));
  }

  private valueAt(place: number): number {
    const value = isTest(this.options.measure) ? 10 ** (LOWEST * (1 - place)) : place * this.top;
    return Number(value.toPrecision(isTest(this.options.measure) ? 2 : 3));
  }
}
