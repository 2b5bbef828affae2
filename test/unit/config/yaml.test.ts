import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';
import { MAX_DEPTH, MAX_LENGTH } from '../../../src/config/guard';
import { dataset, findsOne, rangeOf, spec } from './support';
import type { Expected } from './support';

const syntax = (says: string | RegExp, suggests?: string): Expected => ({
  code: 'yaml-syntax',
  says,
  ...(suggests !== undefined && { suggests }),
});

describe('config: YAML syntax', () => {
  const cases: [string, string, Expected][] = [
    ['a tab for indentation', 'version: 1\ndatasets:\n«\t»a: 1\n', syntax('Tabs cannot indent', 'spaces')],
    ['an unclosed bracket', 'a: [1, 2\n«b»: 3\n', syntax('A closing `]` is missing')],
    ['an unclosed brace at the end', 'a: {b: «1»', syntax('A closing `}` is missing')],
    [
      'an unclosed quote, where it opens',
      'version: 1\ntitle: «"»abc\nb: 2\nc: 3\n',
      syntax('A closing `"` is missing'),
    ],
    ['an unclosed quote in a list', "a: 1\nb: [x, «'»y]\n", syntax("A closing `'` is missing")],
    ['two keys on a line', 'a: «b»: c\n', syntax('second `key:`')],
    ['a key without a colon', '«key\nb»: 1\n', syntax('neither a value nor a key', ':')],
    ['entries that do not line up', 'a:\n  b: 1\n«\u0020»c: 2\n', syntax('indentation does not fit')],
    ['a value that starts with @', 'a: «@»b\n', syntax('cannot start with `@`', 'quotes')],
    ['a value that starts with a backtick', 'a: «`»b`\n', syntax('cannot start with ``', 'quotes')],
    ['an unknown escape', 'a: "«\\»q"\n', syntax('escape', 'single quotes')],
    ['a closing bracket too many', 'a: «]»\n', syntax('not expected here (`]`)')],
    ['a map after a list', '- a\n«b»: 1\n', syntax('not expected here')],
    ['a missing comma', 'a: ["b" «"»c"]\n', syntax('comma')],
    ['a list of dashes inside brackets', 'a: {\n  b: 1,\n  «- c»\n}\n', syntax('inside brackets', 'comma')],
    ['a tag', 'a: «!include» b.yaml\n', syntax('tags', 'Remove')],
    ['a binary tag', 'a: «!!binary» aGk=\n', syntax('tags')],
    ['two anchors', 'a: &x «&y» 1\n', syntax('one anchor')],
    ['an alias with an anchor', 'a: &x 1\nb: &y «*x»\n', syntax('no anchor and no tag')],
    ['an unknown directive', '«%FOO bar»\n---\na: 1\n', syntax('directive')],
    ['a list as a key', '? «[a]»\n: 1\n', syntax('plain text')],
    ['an entry without a key', ': «3»\n', syntax('key before `:` is missing')],
    ['a second document', 'version: 1\ndatasets: {}\n«---»\na: 1\n', syntax('second YAML document', '---')],
    ['a second document after dots', 'version: 1\n«...»\na: 1\n', syntax('second YAML document')],
    ['a control character', 'a: b«\u0002»c\n', syntax('U+0002', 'UTF-8')],
    ['NUL, as in a file of another encoding', 'v«\u0000»e\u0000\n', syntax('U+0000', 'UTF-8')],
    ['a very long key', `«${'k'.repeat(1100)}»: 1\n`, syntax('1,024')],
    ['a duplicate key', 'version: 1\n«version»: 1\n', { code: 'duplicate-key', says: '`version` is written twice' }],
    [
      'a duplicate key in another writing',
      'a: { b: 1, «"b"»: 2 }\n',
      { code: 'duplicate-key', says: '`b` is written twice' },
    ],
    ['an alias before its anchor', 'a: «*b»\nb: &b 1\n', { code: 'yaml-alias', says: 'No anchor `&b`' }],
    ['an alias inside its own anchor', 'a: &a [«*a»]\n', { code: 'yaml-alias', says: 'inside its own anchor' }],
    ['a merge key that merges text', 'a: &a text\nb: { <<: «*a» }\n', { code: 'yaml-alias', says: 'takes a map' }],
    ['nothing to merge', 'a: { <<: «3» }\n', { code: 'yaml-alias', says: 'takes a map' }],
  ];
  for (const [name, text, expected] of cases) {
    it(`explains ${name}`, () => {
      const config = findsOne(text, expected);
      assert.deepEqual(config.datasets, []);
    });
  }

  it('still names the datasets and finds places in a text with a mistake', () => {
    const config = parseConfig('version: 1\ndatasets:\n  a: { source: x }\n  b: { source: [x }\n', 'f');
    assert.deepEqual(config.datasetNames, ['a', 'b']);
    assert.equal(config.locate(['datasets', 'a', 'source'])?.line, 3);
    assert.ok(config.findings.every(({ code }) => code === 'yaml-syntax'));
  });

  it('reports a mistake at every character at most twenty times', () => {
    assert.ok(parseConfig(`a: [${', '.repeat(5000)}]`, 'f').findings.length <= 20);
    assert.equal(parseConfig(']'.repeat(5000), 'f').findings.length, 1);
  });

  it('counts columns in UTF-16 units, after CRLF and a byte order mark', () => {
    findsOne('version: 1\r\ndatasets:\r\n  a:\r\n    source: x # 😀\r\n    «titel»: x\r\n', {
      code: 'unknown-key',
      says: 'titel',
    });
    findsOne('\uFEFF«vershun»: 1\ndatasets: { a: { source: x } }', { code: 'unknown-key', says: 'version' });
    findsOne('version: 1\ndatasets:\n  a: { source: "😀", «titel»: x }\n', { code: 'unknown-key', says: 'titel' });
    assert.equal(
      rangeOf(parseConfig('version: 1\rfoo: 1\rdatasets: { a: { source: x } }', 'f').findings[0]).split(':')[0],
      '1',
    );
  });

  it('keeps the text as it was given', () => {
    const text = '\uFEFFversion: 1\r\n';
    assert.equal(parseConfig(text, 'f').text, text);
  });
});

describe('config: keys and values as YAML has them', () => {
  const columns = (body: string): string[] =>
    Object.keys(spec(dataset(`schema:\n  columns:\n${body.replace(/^/gm, '    ')}`)).schema.columns);

  it('takes any text for the name of a column', () => {
    const names = ['__proto__', 'constructor', 'toString', 'a b', 'ä😀', "it's", 'x;y', ''];
    assert.deepEqual(columns(names.map((name) => `${JSON.stringify(name)}: string`).join('\n')), names);
  });

  it('keeps plain names that YAML would read as something else', () => {
    // JavaScript lists names that are whole numbers first.
    assert.deepEqual(columns('007: integer\n1.50: number\ntrue: boolean\nnull: string\n~: any\n2020: date'), [
      '2020',
      '007',
      '1.50',
      'true',
      'null',
      '~',
    ]);
  });

  it('checks a column named __proto__ like any other', () => {
    findsOne(dataset('schema: { columns: { __proto__: { type: string, «minimum_»: 3 } } }'), {
      code: 'unknown-key',
      says: 'minimum',
    });
    assert.equal(({} as Record<string, unknown>)['type'], undefined);
  });

  it('keeps every digit of large whole numbers', () => {
    const { columns: resolved } = spec(
      dataset(
        'schema: { columns: { id: { type: integer, minimum: 9007199254740993, enum: [12345678901234567890] } } }',
      ),
    ).schema;
    assert.deepEqual(resolved['id'], { type: 'integer', minimum: '9007199254740993', enum: ['12345678901234567890'] });
  });

  it('reads YAML 1.2, whatever a directive says', () => {
    const text = '%YAML 1.1\n---\nversion: 1\ndatasets: { a: { source: x, title: yes, description: 2020-01-01 } }\n';
    const { title, description } = spec(text);
    assert.deepEqual([title, description], ['yes', '2020-01-01']);
  });

  it('follows anchors, aliases and merge keys', () => {
    const text = `
version: 1
datasets:
  a: &base
    source: &src a.csv
    title: A
    split: &half { train: 0.5, test: 0.5, seed: 1 }
  b:
    title: B
    <<: *base
    output: { path: out/b }
  c:
    source: *src
    split:
      <<: [{ seed: 3 }, *half]
      train: 50%
  d: { <<: { source: d.csv } }
`;
    const config = parseConfig(text, 'f');
    assert.deepEqual(config.findings, []);
    const [a, b, c, d] = config.datasets;
    assert.deepEqual([a?.title, b?.title, b?.source[0]?.path, c?.source[0]?.path], ['A', 'B', 'a.csv', 'a.csv']);
    assert.deepEqual(b?.split, a?.split);
    assert.deepEqual([c?.split?.seed, c?.split?.ratios.test], [3, 0.5]);
    assert.equal(d?.source[0]?.path, 'd.csv');
  });

  it('uses the anchor written last before an alias', () => {
    const text =
      'version: 1\ndatasets:\n  a: { source: &x a.csv }\n  b: { source: *x }\n  c: { source: &x c.csv }\n  d: { source: *x }\n';
    assert.deepEqual(
      parseConfig(text, 'f').datasets.map(({ source }) => source[0]?.path),
      ['a.csv', 'a.csv', 'c.csv', 'c.csv'],
    );
  });

  it('takes an alias for a key', () => {
    assert.deepEqual(columns('&k Age: number\n"of": { type: string, enum: [*k] }'), ['Age', 'of']);
    const text = 'version: 1\ndatasets:\n  a: { source: x, title: &k n, schema: { columns: { *k : string } } }\n';
    assert.deepEqual(Object.keys(spec(text).schema.columns), ['n']);
  });

  it('points to what an alias stands for when that is wrong', () => {
    const text = 'version: 1\ndatasets:\n  a: &a { source: x, titel: y }\n  b: *a\n';
    const config = parseConfig(text, 'f');
    assert.deepEqual(
      config.findings.map((finding) => [finding.dataset, rangeOf(finding)]),
      [
        ['a', '3:22-3:27'],
        ['b', '3:22-3:27'],
      ],
    );
  });
});

describe('config: text made to break the reader', () => {
  const flow = '['.repeat(1_000_000);
  const block = Array.from({ length: 1400 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');

  it('refuses 1 MB of nesting ten times in one process', () => {
    for (let round = 0; round < 5; round += 1) {
      for (const text of [flow, block]) {
        const [finding] = parseConfig(text, 'f').findings;
        assert.equal(finding?.code, 'yaml-too-deep');
      }
    }
    assert.equal(spec('version: 1\ndatasets: { a: { source: x } }').name, 'a');
  });

  const bombs: [string, string][] = [
    ['braces', '{a: '.repeat(250_000)],
    ['brackets and braces', '[{a: '.repeat(200_000)],
    ['brackets over lines', '[\n'.repeat(500_000)],
    ['lists on a line', '- '.repeat(500_000)],
    ['explicit keys', '? '.repeat(500_000)],
    ['keys on a line', 'a: '.repeat(300_000)],
    ['colons alone', ': '.repeat(500_000)],
    ['lists in explicit keys', '? - '.repeat(250_000)],
    ['keys in anchors', '&a a: '.repeat(150_000)],
    [
      'lines of keys, each further right',
      Array.from({ length: 100 }, (_, line) => `${' '.repeat(line * 70)}${'a: '.repeat(22)}\n`).join(''),
    ],
    ['list items, each further right', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}- \n`).join('')],
  ];
  for (const [name, text] of bombs) {
    it(`refuses nesting by ${name}`, () => assert.equal(parseConfig(text, 'f').findings[0]?.code, 'yaml-too-deep'));
  }

  it(`takes ${MAX_DEPTH} levels and no more`, () => {
    const nested = (levels: number): (string | undefined)[] =>
      [
        '['.repeat(levels) + ']'.repeat(levels),
        Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
        `${'- '.repeat(levels)}a\n`,
      ].map((text) => parseConfig(text, 'f').findings.find(({ code }) => code === 'yaml-too-deep')?.code);
    assert.deepEqual(nested(MAX_DEPTH), [undefined, undefined, undefined]);
    assert.deepEqual(nested(MAX_DEPTH + 1), ['yaml-too-deep', 'yaml-too-deep', 'yaml-too-deep']);
  });

  it('does not take brackets in text, or many keys at one level, for nesting', () => {
    spec(dataset(`description: "${'['.repeat(200)}"`));
    spec(dataset(`description: |\n  ${'[{'.repeat(200)}\n    ${'- '.repeat(200)}`));
    spec(
      dataset(
        `schema:\n  columns:\n${Array.from({ length: 500 }, (_, index) => `    c${index}: { type: string }`).join('\n')}`,
      ),
    );
  });

  it('refuses a chain of aliases that nests too deep', () => {
    const chain = [
      'l0: &l0 [x]',
      ...Array.from({ length: 100 }, (_, index) => `l${index + 1}: &l${index + 1} [*l${index}]`),
    ].join('\n');
    const [finding] = parseConfig(chain, 'f').findings;
    assert.equal(finding?.code, 'yaml-alias');
    assert.match(finding.message, /levels deep/);
  });

  it('refuses a billion laughs at the alias that goes too far, at once', () => {
    const names = Array.from('abcdefghij');
    const lines = names.map((name, index) =>
      index === 0
        ? 'a: &a [lol, lol]'
        : `${name}: &${name} [${Array(10)
            .fill(`*${names[index - 1]}`)
            .join(', ')}]`,
    );
    const merges = names.map((name, index) =>
      index === 0
        ? 'a: &a { x: 1 }'
        : `${name}: &${name} { ${Array.from({ length: 12 }, (_, at) => `k${at}: *${names[index - 1]}`).join(', ')} }`,
    );
    for (const text of [lines.join('\n'), merges.join('\n')]) {
      // Written out they would fill the memory.
      const config = parseConfig(text, 'f');
      assert.deepEqual(
        config.findings.map(({ code }) => code),
        ['yaml-alias'],
      );
      assert.ok((config.findings[0]?.locations?.[0]?.line ?? 0) > 3);
    }
  });

  it('refuses a file over 2 MB before it reads it', () => {
    const { findings } = parseConfig(`{${'a'.repeat(MAX_LENGTH)}`, 'f');
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['yaml-too-large'],
    );
  });

  const storms: [string, string][] = [
    ['brackets closed', ']'],
    ['commas', 'a, '],
    ['anchors', '&a '],
    ['quotes', '"a" '],
    ['tags', '! '],
    ['tabs', '\t- b\n'],
    ['directives', '%YAML 1.9\n'],
    ['documents', '---\n'],
    ['unknown aliases', '- *a\n'],
    ['merge keys', '<<: {a: 1}\n'],
    ['unclosed quotes', '"a\n'],
  ];
  for (const [name, piece] of storms) {
    it(`survives 200 KB of ${name}`, () => {
      const config = parseConfig(piece.repeat(200_000 / piece.length), 'f');
      assert.notEqual(config.findings.length, 0);
      assert.deepEqual(config.datasets, []);
    });
  }

  it('shows at most a thousand findings, errors before warnings', () => {
    const sources = Array.from({ length: 1500 }, (_, index) => `a\\${index}.csv`).join(', ');
    const { findings } = parseConfig(`version: 1\ndatasets: { a: { source: [${sources}] }, b: {} }`, 'f');
    assert.equal(findings.length, 1000);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ dataset: name }) => name),
      ['b'],
    );
  });

  it('never throws, whatever it is given', () => {
    const whole = dataset(
      'schema: { columns: { A: { type: number, enum: [1] } } }\nsplit: { train: 80%, test: 20% }\noutput: { compression: zstd:3 }',
    );
    const noise = [
      '[',
      '}',
      ':',
      '- ',
      '\t',
      '"',
      "'",
      '&a ',
      '*a',
      '? ',
      '<<: ',
      '\n',
      '#',
      '!x ',
      '|',
      '%',
      'null',
      '\r',
      '\ud800',
      '  ',
    ];
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 1500; round += 1) {
      const at = random(whole.length);
      const text = whole.slice(0, at) + (noise[random(noise.length)] ?? '') + whole.slice(at + random(12));
      const config = parseConfig(text, 'f');
      for (const finding of config.findings) {
        const [place] = finding.locations ?? [];
        const lines = text.split(/\r\n|\n|\r/);
        assert.ok(place?.line && place.line <= lines.length && place.endLine && place.endLine <= lines.length, text);
        assert.ok(place.column && place.column <= (lines[place.line - 1]?.length ?? 0) + 1, text);
      }
    }
  });
});
