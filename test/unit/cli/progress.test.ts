import assert from 'node:assert/strict';
import { progressReporter } from '../../../src/cli/progress';
import type { Progress } from '../../../src/protocol';

const steps: readonly Progress[] = [
  { dataset: 'a', step: 'read', fraction: 0.25, detail: 'a.csv' },
  { dataset: 'b', step: 'read', fraction: 0 },
  { dataset: 'a', step: 'read', fraction: 0.5, detail: 'b.csv' },
  { dataset: 'b', step: 'read', fraction: 0.25 },
  { dataset: 'a', step: 'write', fraction: 0.75 },
  { dataset: 'a', step: 'write', fraction: 1, done: true },
  { dataset: 'b', step: 'write', fraction: 0.75 },
];

/** What was written, and how often the lines were drawn. */
function shown(interactive: boolean, columns = 80) {
  const notes: string[] = [];
  const drawn: (readonly string[])[] = [];
  const report = progressReporter({
    interactive,
    columns,
    notes: true,
    note: (text) => notes.push(text),
    redraw: (lines) => drawn.push(lines),
  });
  for (const progress of steps) report(progress);
  return { notes, drawn };
}

describe('the progress of several datasets', () => {
  it('has a line for each that is being built, for a person', () => {
    const { notes, drawn } = shown(true);
    const short = drawn.map((lines) => lines.map((line) => line.replace(/ {2}.* {2}/, ' ')));
    assert.deepEqual(short, [
      ['a reading a.csv'],
      ['a reading a.csv', 'b reading'],
      ['a reading b.csv', 'b reading'],
      ['a reading b.csv', 'b reading'],
      ['a writing', 'b reading'],
      ['b reading'],
      ['b writing'],
    ]);
    assert.match(drawn[0]?.[0] ?? '', /^a {2}\[#{6}-{18}\] {3}25 % {2}reading a\.csv$/);
    assert.deepEqual(notes, []);
  });

  it('has no line that is wider than the terminal', () => {
    assert.ok(shown(true, 30).drawn.every((lines) => lines.every((line) => line.length < 30)));
  });

  it('says what is for a log to a person too, and what went before goes on', () => {
    for (const interactive of [true, false]) {
      const notes: string[] = [];
      const drawn: (readonly string[])[] = [];
      const report = progressReporter({
        ...{ interactive, columns: 80, notes: true },
        note: (text) => notes.push(text),
        redraw: (lines) => drawn.push(lines),
      });
      for (const said of [undefined, 'x.csv: resuming from 43 %', undefined]) {
        report({ dataset: 'a', step: 'fetch', fraction: 0, ...(said !== undefined && { said }) });
      }
      assert.deepEqual(notes, [...(interactive ? [] : ['a: fetching']), 'x.csv: resuming from 43 %']);
      assert.equal(new Set(drawn.map(String)).size, interactive ? 1 : 0);
    }
  });

  it('says each step of each once, for a log', () => {
    const { notes, drawn } = shown(false);
    assert.deepEqual(notes, ['a: reading', 'b: reading', 'a: writing', 'b: writing']);
    assert.deepEqual(drawn, []);
  });
});
