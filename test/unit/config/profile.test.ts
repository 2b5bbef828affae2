import assert from 'node:assert/strict';
import { parseConfig, programOf, thresholdsOf } from '../../../src/config';
import { profileDefaults } from '../../../src/config/profileDefaults';
import { profileSpecSchema } from '../../../src/protocol';
import { dataset, findsOne, spec } from './support';
import type { Expected } from './support';

describe('config: profile', () => {
  it('is absent unless it is written, and what is left out has its default', () => {
    assert.equal(spec(dataset('title: A')).profile, undefined);
    assert.deepEqual(thresholdsOf(spec(dataset('title: A'))), profileDefaults);
    assert.deepEqual(thresholdsOf(spec(dataset('profile: { skew: 5 }'))), { ...profileDefaults, skew: 5 });
  });

  it('has a default for every threshold', () => {
    assert.deepEqual(Object.keys(profileDefaults).sort(), Object.keys(profileSpecSchema.shape).sort());
  });

  it('takes shares as numbers and percentages, and counts as numbers', () => {
    const { profile } = spec(dataset('profile: { missing: 20%, correlation: 0.8, highCardinality: 200, skew: 1.5 }'));
    assert.deepEqual(profile, { missing: 0.2, correlation: 0.8, highCardinality: 200, skew: 1.5 });
  });

  it('lies over that of defaults, key by key', () => {
    const config = parseConfig(
      'version: 1\ndefaults: { profile: { missing: 10%, skew: 3 } }\n' +
        'datasets:\n  a: { source: a.csv, profile: { missing: 50% } }\n  b: { source: b.csv }\n',
      'mldata.yaml',
    );
    assert.deepEqual(config.findings, []);
    assert.deepEqual(
      config.datasets.map(({ profile }) => profile),
      [
        { missing: 0.5, skew: 3 },
        { missing: 0.1, skew: 3 },
      ],
    );
    assert.deepEqual(
      ['profile.missing', 'profile.skew'].map((key) => config.valuesOf('a').get(key)?.layer),
      ['dataset', 'defaults'],
    );
  });

  it('is no part of what a build is made by', () => {
    const [plain, profiled] = [spec(dataset('title: A')), spec(dataset('title: A\nprofile: { skew: 9 }'))];
    assert.notDeepEqual(profiled, plain);
    assert.deepEqual(programOf(profiled), plain);
  });

  const cases: [string, string, Expected][] = [
    [
      'a misspelt threshold',
      'profile: { «highCardinalty»: 20 }',
      { code: 'unknown-key', says: 'Did you mean `highCardinality`?', suggests: '`highCardinality`' },
    ],
    ['an unknown one', 'profile: { «colour»: 1 }', { code: 'unknown-key', says: '`colour`', suggests: '`missing`' }],
    ['a share above 1', 'profile: { missing: «2» }', { code: 'invalid-value', says: 'a share from 0 to 1' }],
    ['a percentage above 100', 'profile: { outliers: «120%» }', { code: 'invalid-value', says: '`120%`' }],
    ['text for a number', 'profile: { skew: «much» }', { code: 'invalid-value', says: 'a number above 0' }],
    ['a skewness of 0', 'profile: { skew: «0» }', { code: 'invalid-value', says: 'a number above 0' }],
    [
      'part of a value',
      'profile: { highCardinality: «0.5» }',
      { code: 'invalid-value', says: 'a whole number, 1 or more' },
    ],
    ['a list', 'profile: «[missing]»', { code: 'invalid-value', says: 'Expected a map' }],
    ['nothing', '«profile»:', { code: 'invalid-value', says: 'Expected a map' }],
  ];
  for (const [what, body, expected] of cases) {
    it(`refuses ${what}`, () => {
      findsOne(dataset(body), expected);
    });
  }

  it('is wrong in its own dataset only', () => {
    const { datasets } = findsOne(
      'version: 1\ndatasets:\n  a: { source: a.csv, profile: { skew: «-1» } }\n  b: { source: b.csv, profile: { skew: 1 } }\n',
      { code: 'invalid-value', says: 'a number above 0' },
    );
    assert.deepEqual(
      datasets.map(({ name }) => name),
      ['b'],
    );
  });
});
