/** Figures and texts as the pages show them. */
import assert from 'node:assert/strict';
import { bytes, coefficient, duration, figure, full, share, time } from '../../../webview/shared/format';
import { cut, shown, visible } from '../../../webview/shared/text';

function table<T>(what: string, of: (value: T) => string, rows: readonly (readonly [value: T, text: string])[]): void {
  describe(what, () => {
    for (const [value, text] of rows) it(`${JSON.stringify(value)} as ${text}`, () => assert.equal(of(value), text));
  });
}

describe('on a screen', () => {
  table('a figure has at most four significant digits', figure, [
    [null, '–'],
    [0, '0'],
    [1912, '1,912'],
    [123_456, '123,456'],
    [1_234_567, '1.235M'],
    [29.699_117_647, '29.7'],
    [-0.000_123_456, '-0.0001235'],
    [0.000_012_345_6, '1.235E-5'],
    [1.5e300, '1.5E300'],
  ]);

  table('a correlation has two decimals, and no sign without a size', coefficient, [
    [0.874, '0.87'],
    [-0.5, '-0.50'],
    [-0.003, '0.00'],
    [1, '1.00'],
  ]);

  table('a figure is told in full on hover', full, [
    [null, '–'],
    [29.699_117_647, '29.699117647'],
    [1_234_567, '1,234,567'],
    [1e-9, '1e-9'],
    [1.5e300, '1.5e+300'],
  ]);

  table('a share is never nothing where there is something, and never all where something is left', share, [
    [0, '0 %'],
    [0.0001, '< 0.1 %'],
    [0.032, '3.2 %'],
    [0.9999, '> 99.9 %'],
    [1, '100 %'],
  ]);

  table('bytes are in binary units', bytes, [
    [0, '0 B'],
    [1023, '1,023 B'],
    [1536, '1.5 KiB'],
    [5 * 2 ** 40, '5 TiB'],
  ]);

  table('a length of time is in the largest unit of which there are two', duration, [
    [null, '–'],
    [0.25, '250 milliseconds'],
    [90, '90 seconds'],
    [7200, '2 hours'],
    [86_400 * 400, '400 days'],
  ]);

  table('a time leaves out what is all zeros', time, [
    ['2024-01-31T00:00:00.000Z', '2024-01-31'],
    ['2024-01-31T10:30:00.000Z', '2024-01-31 10:30:00'],
    ['2024-01-31', '2024-01-31'],
    ['12:30:00', '12:30:00'],
  ]);

  table('what cannot be seen is written out', visible, [
    ['plain', 'plain'],
    ['a\nb\tc', 'a␊b␉c'],
    ['\u001b[31mred', '␛[31mred'],
    ['safe\u202Etxt.exe', 'safe⟨202E⟩txt.exe'],
    ['\u2066x\u2069', '⟨2066⟩x⟨2069⟩'],
    ['<script>', '<script>'],
    ['👩‍🔬', '👩‍🔬'],
  ]);

  table('an empty text can be told from a missing one', (value: string) => shown(value), [
    ['', '""'],
    ['x'.repeat(61), `${'x'.repeat(59)}…`],
  ]);

  it('cuts between characters, not within', () => {
    assert.equal(cut('👩👩👩👩', 3), '👩👩…');
    assert.equal(cut('👩👩👩', 3), '👩👩👩');
    assert.equal(Array.from(cut('x'.repeat(1_000_000), 80)).length, 80);
  });
});
