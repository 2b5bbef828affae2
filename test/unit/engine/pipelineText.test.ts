/** A stage comes into the text of a `dvc.yaml`, and out of it again, and nothing else of the text changes. */
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { withoutStage, withStage } from '../../../src/engine/tracking/pipeline/stageText';

const add = (text: string) =>
  withStage(text, 'x', (stage, document) => {
    stage.set('cmd', 'mldata build x');
    stage.set('outs', document.createNode(['data']));
  });

const others = `# a pipeline
vars: [params.yaml]

stages:
  # fetches
  get:   # by hand
    cmd:   >-
      curl
      -O x
    outs: [ raw,   'b' ]


  train: &train
    cmd: "python train.py"
    deps:
      -   raw   # all of it
    # the end of train
`;

describe('a stage in the text of dvc.yaml', () => {
  const cases = [
    { name: 'an empty file', text: '', written: 'stages:\n  x:\n    cmd: mldata build x\n    outs:\n    - data\n' },
    {
      name: 'a file without stages',
      text: 'metrics: [m.json] # all',
      written: 'metrics: [m.json] # all\nstages:\n  x:\n    cmd: mldata build x\n    outs:\n    - data\n',
    },
    {
      name: 'stages that are empty',
      text: 'stages: {}\nmetrics:   [m.json]\n',
      written: 'stages:\n  x:\n    cmd: mldata build x\n    outs:\n    - data\nmetrics:   [m.json]\n',
    },
    {
      name: 'stages that are not written yet',
      text: 'stages:\nmetrics:   [m.json]\n',
      written: 'stages:\n  x:\n    cmd: mldata build x\n    outs:\n    - data\nmetrics:   [m.json]\n',
    },
    {
      name: 'stages at the end, whose lists are indented',
      text: others,
      written: `${others}  x:\n    cmd: mldata build x\n    outs:\n      - data\n`,
    },
    {
      name: 'stages with keys behind them',
      text: 'stages:\n    a:\n        cmd:   one\n\n# of all\nmetrics: [m.json]\n',
      written:
        'stages:\n    a:\n        cmd:   one\n    x:\n      cmd: mldata build x\n      outs:\n      - data\n\n# of all\nmetrics: [m.json]\n',
    },
    {
      name: 'a file with the line ends of Windows, and none at its end',
      text: 'stages:\r\n  a:\r\n    cmd: one',
      written: 'stages:\r\n  a:\r\n    cmd: one\r\n  x:\r\n    cmd: mldata build x\r\n    outs:\r\n    - data\r\n',
    },
    {
      name: 'stages on one line',
      text: 'stages: { a: { cmd:   one } } # all\n',
      written: 'stages: { a: { cmd:   one }, x: { cmd: mldata build x, outs: [data] } } # all\n',
    },
    {
      name: 'a stage of that name',
      text: "stages:\n  x:\n    # how\n    cmd: 'old'\n    desc:  mine\n    outs: [data]\n  b: {cmd:   two}\n",
      written:
        "stages:\n  x:\n    # how\n    cmd: 'mldata build x'\n    desc: mine\n    outs:\n    - data\n  b: {cmd:   two}\n",
    },
  ];
  for (const { name, text, written } of cases) {
    it(`comes into ${name}`, () => {
      assert.equal(add(text), written);
    });
    it(`stays as it is in ${name}`, () => {
      assert.equal(add(written), written);
    });
  }

  it('comes out again, and leaves what was there', () => {
    for (const text of [others, 'metrics: [m.json] # all\n', 'stages:\r\n  a:\r\n    cmd: one\r\n']) {
      assert.equal(withoutStage(add(text), 'x', 'dvc.yaml'), text);
    }
  });

  it('leaves no file that says nothing', () => {
    assert.equal(withoutStage(add(''), 'x', 'dvc.yaml'), undefined);
    assert.equal(withoutStage("schema: '2.0'\nstages:\n  x:\n    cmd: a\n", 'x', 'dvc.lock'), undefined);
  });

  it('does not come out where others build on it', () => {
    const text = 'stages:\n  x: &x\n    cmd: a\n  y: *x\n';
    assert.throws(() => withoutStage(text, 'x', 'dvc.yaml'), { code: 'dvc-yaml-unwritable' });
  });

  it('keeps what others build on', () => {
    const text = 'stages:\n  x: &x\n    cmd: a\n    outs: [data]\n  y:\n    <<: *x\n    cmd: b\n';
    assert.deepEqual(parse(add(text), { merge: true }), {
      stages: { x: { cmd: 'mldata build x', outs: ['data'] }, y: { cmd: 'b', outs: ['data'] } },
    });
    assert.match(add(text), /\n {2}y:\n {4}<<: \*x\n {4}cmd: b\n$/);
  });
});
