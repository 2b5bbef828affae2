import assert from 'node:assert/strict';
import { positionOf } from '../../../src/config/literals';
import { patternProblem } from '../../../src/config/pattern';
import type { ColumnType, Scalar } from '../../../src/protocol';
import { dataset, findsOne, spec } from './support';

const column = (body: string): string => dataset(`schema: { columns: { A: ${body} } }`);

describe('config: constraints that no value could meet', () => {
  const cases: [string, string, string, string][] = [
    [
      'minimum above maximum',
      '{ type: number, minimum: 5, maximum: «3» }',
      'contradictory-bounds',
      '`maximum` 3 leaves nothing above `minimum` 5',
    ],
    ['the same without a type', '{ minimum: 5, maximum: «3» }', 'contradictory-bounds', 'no value fits'],
    [
      'an open bound that meets a closed one',
      '{ type: number, exclusiveMinimum: 3, maximum: «3» }',
      'contradictory-bounds',
      '`exclusiveMinimum` 3',
    ],
    [
      'a closed bound that meets an open one',
      '{ type: integer, minimum: 3, exclusiveMaximum: «3» }',
      'contradictory-bounds',
      '`exclusiveMaximum` 3',
    ],
    [
      'dates the wrong way round',
      '{ type: date, minimum: 2024-02-01, maximum: «2024-01-31» }',
      'contradictory-bounds',
      '2024-01-31',
    ],
    [
      'times the wrong way round',
      '{ type: time, minimum: "12:00", maximum: «"11:59:59.5"» }',
      'contradictory-bounds',
      '11:59:59.5',
    ],
    [
      'moments the wrong way round across zones',
      '{ type: datetime, minimum: "2024-01-01T00:00Z", maximum: «"2024-01-01T01:00+02:00"» }',
      'contradictory-bounds',
      '+02:00',
    ],
    [
      'durations the wrong way round',
      '{ type: duration, minimum: P1D, maximum: «PT23H» }',
      'contradictory-bounds',
      'PT23H',
    ],
    [
      'large integers the wrong way round',
      '{ type: integer, minimum: 9007199254740993, maximum: «9007199254740992» }',
      'contradictory-bounds',
      '9007199254740992',
    ],
    [
      'minLength above maxLength',
      '{ type: string, minLength: 3, maxLength: «2» }',
      'contradictory-bounds',
      'no text fits',
    ],
    [
      'a number in an enum of text',
      '{ type: string, enum: [a, «1»] }',
      'constraint-type',
      '`1` does not fit the type string',
    ],
    [
      'text in an enum of integers',
      '{ type: integer, enum: [1, «a»] }',
      'constraint-type',
      '`a` does not fit the type integer',
    ],
    ['a fraction in an enum of integers', '{ type: integer, enum: [«1.5»] }', 'constraint-type', '`1.5` does not fit'],
    [
      'text in an enum of flags',
      '{ type: boolean, enum: [«yes»] }',
      'constraint-type',
      '`yes` does not fit the type boolean',
    ],
    [
      'a day that is not in the calendar',
      '{ type: date, enum: [2024-02-29, «2023-02-29»] }',
      'constraint-type',
      '`2023-02-29` does not fit the type date',
    ],
    [
      'text as a bound of numbers',
      '{ type: number, minimum: «low» }',
      'constraint-type',
      '`low` does not fit the type number',
    ],
    [
      'a number as a bound of dates',
      '{ type: date, maximum: «2024» }',
      'constraint-type',
      '`2024` does not fit the type date',
    ],
    ['bounds for text', '{ type: string, minimum: «3» }', 'constraint-type', 'needs a type with an order'],
    ['bounds for flags', '{ type: boolean, exclusiveMaximum: «1» }', 'constraint-type', 'not boolean'],
    [
      'a length for numbers',
      '{ type: number, maxLength: «3» }',
      'constraint-type',
      '`maxLength` applies to the type string, not to number',
    ],
    [
      'a pattern for integers',
      '{ type: integer, pattern: «"[0-9]+"» }',
      'constraint-type',
      '`pattern` applies to the type string',
    ],
    [
      'a broken pattern',
      '{ type: string, pattern: «"a(b"» }',
      'invalid-pattern',
      'This is not a regular expression: unterminated group',
    ],
    ['lookahead', '{ type: string, pattern: «"(?=a)b"» }', 'invalid-pattern', 'Lookahead'],
  ];
  for (const [name, body, code, says] of cases) {
    it(`finds ${name}`, () => {
      const [finding] = findsOne(column(body), { code, says }).findings;
      assert.equal(finding?.column, 'A');
      assert.ok(finding.suggestion, 'it says what to do');
    });
  }

  const shut: [string, string, string, 'error' | 'warning'][] = [
    ['above the maximum', '{ type: integer, enum: [1, «9»], maximum: 5 }', '`maximum` 5', 'warning'],
    ['on an open bound', '{ type: number, enum: [1, «5»], exclusiveMaximum: 5 }', '`exclusiveMaximum` 5', 'warning'],
    [
      'before the first day',
      '{ type: date, enum: [2024-02-01, «2023-12-31»], minimum: 2024-01-01 }',
      '2024',
      'warning',
    ],
    ['below the minimum, the only one', '{ type: integer, enum: [«1»], minimum: 2 }', '`minimum` 2', 'error'],
    ['longer than it may be', '{ type: string, enum: [ab, «abc»], maxLength: 2 }', '`maxLength` 2', 'warning'],
    ['shorter than it may be, without a type', '{ enum: [«a», abc], minLength: 2 }', '`minLength` 2', 'warning'],
    ['of another pattern', '{ type: string, enum: [A-1, «B1»], pattern: "[A-Z]-[0-9]+" }', '`pattern`', 'warning'],
  ];
  for (const [name, body, says, severity] of shut)
    it(`finds a value of the enum ${name}`, () => {
      findsOne(column(body), { code: 'contradictory-bounds', says, severity });
    });

  it('says nothing of values of an enum that the other constraints let in, or whose pattern only the engine knows', () => {
    for (const body of [
      '{ type: integer, enum: [1, 5], minimum: 1, maximum: 5 }',
      '{ type: string, enum: ["🎉🎉"], maxLength: 2 }',
      '{ type: string, enum: [AB, ab], pattern: "(?i)ab" }',
      '{ type: string, enum: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa], pattern: "(a+)+b" }',
      String.raw`{ type: string, enum: [é], pattern: '\pL' }`,
    ])
      spec(column(body));
  });

  it('finds them in the defaults once, however many datasets there are', () => {
    const text =
      'version: 1\ndefaults: { schema: { columns: { A: { minimum: 2, maximum: «1» } } } }\ndatasets: { a: { source: x }, b: { source: y } }';
    const config = findsOne(text, { code: 'contradictory-bounds', says: 'no value fits' });
    assert.deepEqual(config.datasets, []);
  });

  for (const body of [
    '{ type: number, minimum: 3, maximum: 3 }',
    '{ type: integer, minimum: 0.5, exclusiveMaximum: 1.5 }',
    '{ type: number, minimum: "1e3", maximum: 2000 }',
    '{ type: date, minimum: 2024-01-31, maximum: 2024-01-31 }',
    '{ type: datetime, minimum: 2024-01-31, maximum: "2024-01-31 23:59:59.999-05" }',
    '{ type: integer, enum: [0, 1, -3, 12345678901234567890] }',
    '{ type: any, enum: [a, 1, true] }',
    '{ type: image, enum: [a.png] }',
    '{ enum: [a, 1], minimum: a, maximum: 3, minLength: 1, pattern: "a+" }',
    '{ type: string, minLength: 2, maxLength: 2, pattern: "" }',
    '{ type: boolean, enum: [true], role: target }',
  ]) {
    it(`accepts ${body}`, () => void spec(column(body)));
  }

  it('warns when the primary key names a column that is not declared', () => {
    const declared = 'columns: { Id: integer, Name: string }';
    findsOne(dataset(`schema: { ${declared}, primaryKey: «id» }`), {
      code: 'unknown-column',
      severity: 'warning',
      says: '`id`',
      suggests: '`Id`',
    });
    findsOne(dataset(`schema: { ${declared}, primaryKey: [Id, «year»] }`), {
      code: 'unknown-column',
      severity: 'warning',
      says: '`year`',
      suggests: 'Declare',
    });
    assert.deepEqual(spec(dataset('schema: { primaryKey: [Id, year] }')).schema.primaryKey, ['Id', 'year']);
  });

  it('knows a column whose declaration has a mistake', () => {
    findsOne(dataset('schema: { columns: { Id: { «typ»: integer } }, primaryKey: Id }'), {
      code: 'unknown-key',
      says: 'typ',
    });
  });
});

describe('config: values by type', () => {
  const cases: [ColumnType, Scalar, number | bigint | undefined][] = [
    ['integer', 3, 3],
    ['integer', '-12', -12n],
    ['integer', '+12', 12n],
    ['integer', '1.5', undefined],
    ['integer', true, undefined],
    ['number', 1.5, 1.5],
    ['number', '1e3', 1000],
    ['number', ' ', undefined],
    ['number', 'NaN', undefined],
    ['boolean', false, 0],
    ['boolean', 'false', undefined],
    ['date', '1970-01-02', 86_400_000],
    ['date', '1970-1-2', undefined],
    ['date', '1970-13-01', undefined],
    ['datetime', '1970-01-01T00:00:01Z', 1000],
    ['datetime', '1970-01-01 00:00:01.5', 1500],
    ['datetime', '1970-01-01T02:00:00+02:00', 0],
    ['datetime', '1970-01-01T00:00:00-0130', 5_400_000],
    ['datetime', '1970-01-01T25:00', undefined],
    ['datetime', 'today', undefined],
    ['time', '00:01', 60_000],
    ['time', '24:00', undefined],
    ['duration', 'PT1H30M', 5_400_000],
    ['duration', '-P1D', -86_400_000],
    ['duration', 'P1W', 604_800_000],
    ['duration', 'P', undefined],
    ['duration', 'P1DT', undefined],
    ['duration', '5s', undefined],
    ['string', 'x', 0],
    ['string', 5, undefined],
    ['any', 5, 0],
    ['geopoint', '1,2', 0],
    ['object', 5, undefined],
  ];
  for (const [type, value, position] of cases) {
    it(`${type} ${JSON.stringify(value)} → ${position === undefined ? 'not one' : String(position)}`, () =>
      assert.equal(positionOf(type, value), position));
  }
});

describe('config: regular expressions in RE2 syntax', () => {
  for (const pattern of [
    '',
    'a+',
    '[A-Z]{2}\\d{4}',
    '(?i)abc',
    '(?i:a)b',
    '(?P<year>\\d+)',
    '\\Aab\\z',
    '[[:alpha:]]+',
    '[]a]',
    '[^]a]',
    '\\(?=',
    '[(?=]',
    '\\\\1',
    '\\pN',
    '\\p{Greek}',
    '\\x41\\x{1F600}\\101\\0',
    '\\Q(a\\u\\E+',
    '\\Q[',
    '[\\w\\-\\]]',
    'a{1000}',
    '[\\]\\101]',
  ]) {
    it(`accepts ${pattern || '(empty)'}`, () => assert.equal(patternProblem(pattern), undefined));
  }
  const refused: [string, RegExp][] = [
    ['(?!a)', /Lookahead/],
    ['(?<=a)b', /lookbehind/],
    ['a(?<!b)', /lookbehind/],
    ['(a)\\1', /Backreferences/],
    ['(?P<n>a)\\k<n>', /Backreferences/],
    ['(?<year>\\d+)', /\(\?P<name>…\)/],
    ['\\u0041', /`\\u0041` means nothing in RE2 syntax\. Write `\\x/],
    ['\\cA', /means nothing/],
    ['\\Z', /means nothing/],
    ['\\é', /`\\é` means nothing/],
    ['\\x4', /means nothing/],
    ['\\x{110000}', /means nothing/],
    ['\\p', /means nothing/],
    ['[\\b]', /means nothing/],
    ['[\\1]', /means nothing/],
    ['a{1001}', /at most 1000/],
    ['a{2,5000}', /at most 1000/],
    ['(a', /not a regular expression/],
    ['[a', /not a regular expression/],
    ['*a', /not a regular expression: nothing to repeat\./],
    ['(?)', /not a regular expression/],
    ['(?>a)', /not a regular expression/],
  ];
  for (const [pattern, says] of refused)
    it(`refuses ${pattern}`, () => assert.match(patternProblem(pattern) ?? '', says));
});
