/** What package.json offers where, and that it means what the code means. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { limitsOf } from '../../../src/engine/limits';
import { CONFIG_FILES } from '../../../src/config';
import { COMPRESSION_EXTENSIONS, DATA_EXTENSIONS, isDataFile } from '../../../src/config';
import { CommandId } from '../../../src/extension/commandIds';
import { holds, type Context } from './when';

const root = path.resolve(__dirname, '..', '..', '..');

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}
interface Step {
  readonly description: string;
  readonly media: { readonly svg: string };
  readonly completionEvents: readonly string[];
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly submenus: readonly { readonly id: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly pattern?: string }>> };
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}
const { activationEvents, contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const words = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

/** A trusted folder on a disk in which something was built. */
const settled: Context = {
  workspaceFolderCount: 1,
  isWorkspaceTrusted: true,
  virtualWorkspace: '',
  isFileSystemResource: true,
  'mldata.hasConfig': true,
  'mldata.hasDatasets': true,
  'mldata.hasManifest': true,
  'mldata.hasReport': true,
};
const untrusted: Context = { ...settled, isWorkspaceTrusted: false };
const virtual: Context = { ...settled, virtualWorkspace: 'vscode-vfs' };
const nothingBuilt: Context = { ...settled, 'mldata.hasManifest': false, 'mldata.hasReport': false };
const noConfig: Context = { ...nothingBuilt, 'mldata.hasConfig': false, 'mldata.hasDatasets': false };

/** The commands and submenus a menu offers, without the extension's prefix, each once. */
function offered(menu: string, context: Context): string[] {
  const items = (contributes.menus[menu] ?? []).filter(({ when }) => holds(when, context));
  return [...new Set(items.map(({ command, submenu }) => (command ?? submenu ?? '').replace(/^mldata\./, '')))].sort();
}

const item = (viewItem: string, context = settled): Context => ({ ...context, view: 'mldata.datasets', viewItem });
const view = (context: Context): Context => ({ ...context, view: 'mldata.datasets' });
const file = (resourceFilename: string, context = settled): Context => ({ ...context, resourceFilename });

const cases: Readonly<Record<string, readonly (readonly [where: string, context: Context, ...commands: string[]])[]>> =
  {
    'view/item/context': [
      ['a config', item('config'), 'buildAll', 'openConfig'],
      ['a config in Restricted Mode', item('config', untrusted), 'openConfig'],
      ['a config that is not on a disk', item('config', virtual), 'openConfig'],
      [
        'a dataset never built',
        item('dataset never'),
        'buildDataset',
        'export',
        'exportPytorch',
        'openConfig',
        'showData',
        'showDrift',
        'showProfile',
        'showValidation',
        'validateDataset',
      ],
      [
        'a dataset that was built',
        item('dataset built hasManifest hasReport'),
        ...['buildDataset', 'copySnippet', 'export', 'exportPytorch', 'openConfig', 'openFolder', 'openManifest'],
        'rebuildDataset',
        ...['showData', 'showDrift', 'showProfile', 'showReport', 'showValidation', 'tracking', 'validateDataset'],
      ],
      [
        'a dataset with transforms',
        item('dataset never hasTransforms'),
        'buildDataset',
        'export',
        'exportPytorch',
        'openConfig',
        'previewTransforms',
        'showData',
        'showDrift',
        'showProfile',
        'showValidation',
        'validateDataset',
      ],
      ['a dataset with transforms in Restricted Mode', item('dataset never hasTransforms', untrusted), 'openConfig'],
      ['a dataset with transforms that is not on a disk', item('dataset never hasTransforms', virtual), 'openConfig'],
      [
        'a dataset being built',
        item('dataset building hasManifest'),
        ...[
          'copySnippet',
          'openConfig',
          'openFolder',
          'openManifest',
          'showData',
          'showDrift',
          'showProfile',
          'showValidation',
          'tracking',
          'validateDataset',
        ],
      ],
      [
        'a dataset whose first build failed',
        item('dataset failing hasReport'),
        ...[
          'buildDataset',
          'export',
          'exportPytorch',
          'openConfig',
          'showData',
          'showDrift',
          'showProfile',
          'showReport',
          'showValidation',
          'validateDataset',
        ],
      ],
      [
        'a built dataset in Restricted Mode',
        item('dataset built hasManifest hasReport', untrusted),
        ...['openConfig', 'openFolder', 'openManifest', 'showReport'],
      ],
      ['a path that is tracked', item('tracked hasDvc'), 'tracking'],
      ['a split', item('split'), 'showData', 'showDrift', 'showProfile'],
      ['columns, files', item('column')],
      ["another view's items", { ...item('dataset built hasManifest'), view: 'workbench.explorer' }],
    ],
    'mldata.tracking': [
      [
        'a dataset that was built',
        item('dataset built hasManifest hasReport'),
        ...['trackDvc', 'trackDvcPipeline', 'trackGitLfs'],
      ],
      [
        'a dataset that DVC tracks',
        item('dataset built hasManifest hasReport hasDvc'),
        ...['addRemote', 'dvcCheckout', 'dvcPull', 'dvcPush', 'trackDvc', 'trackDvcPipeline', 'trackGitLfs'],
      ],
      ['a path that DVC tracks', item('tracked hasDvc'), 'addRemote', 'dvcCheckout', 'dvcPull', 'dvcPush'],
      ['a path that Git LFS tracks', item('tracked')],
    ],
    'mldata.trackFiles': [
      ['a file', file('notes.txt'), 'trackDvc', 'trackGitLfs'],
      [
        'a folder that a build wrote',
        {
          ...file('people'),
          explorerResourceIsFolder: true,
          resourcePath: '/w/people',
          'mldata.buildFolders': ['/w/people'],
        },
        ...['trackDvc', 'trackDvcPipeline', 'trackGitLfs'],
      ],
    ],
    'view/title': [
      [
        'datasets that DVC tracks',
        view({ ...settled, 'mldata.hasDvc': true }),
        ...['addDataset', 'addRemote', 'buildAll', 'createConfig', 'openConfig', 'refresh', 'showOutput'],
      ],
      ['datasets', view(settled), 'addDataset', 'buildAll', 'createConfig', 'openConfig', 'refresh', 'showOutput'],
      ['no config', view(noConfig), 'addDataset', 'createConfig', 'refresh', 'showOutput'],
      ['Restricted Mode', view(untrusted), 'openConfig', 'refresh', 'showOutput'],
      ['no folder', view({ ...noConfig, workspaceFolderCount: 0 }), 'createConfig', 'showOutput'],
      ['another view', { ...settled, view: 'workbench.explorer' }],
    ],
    'explorer/context': [
      [
        'a data file',
        file('a.csv'),
        'addDataset',
        'compareForDrift',
        'createConfig',
        'export',
        'exportPytorch',
        'showData',
        'showProfile',
        'trackFiles',
        'validateDataset',
      ],
      [
        'two data files',
        { ...file('a.csv'), listMultiSelection: true, listDoubleSelection: true },
        ...['compareForDrift', 'createConfig', 'showData', 'showProfile', 'trackFiles', 'validateDataset'],
      ],
      [
        'three data files',
        { ...file('a.csv'), listMultiSelection: true },
        ...['createConfig', 'showData', 'showProfile', 'trackFiles', 'validateDataset'],
      ],
      ['a data file in Restricted Mode', file('a.csv', untrusted)],
      ['a data file that is not on a disk', file('a.csv', virtual)],
      ['a folder called like a data file', { ...file('a.csv'), explorerResourceIsFolder: true }, 'trackFiles'],
      [
        'a folder that a build wrote',
        {
          ...file('people'),
          explorerResourceIsFolder: true,
          resourcePath: '/w/people',
          'mldata.buildFolders': ['/w/people'],
        },
        'export',
        'exportPytorch',
        'showProfile',
        'trackFiles',
        'validateDataset',
      ],
      ['another file', file('notes.txt'), 'trackFiles'],
      ['another file where there is no config', file('notes.txt', noConfig)],
      ['a file of DVC', file('data.dvc')],
      ['a config', file('.mldata.yaml'), 'buildAll'],
      ['a config without the dot', file('mldata.yaml'), 'buildAll'],
      ['a config in Restricted Mode', file('.mldata.yaml', untrusted)],
      ['other YAML', file('my.mldata.yaml'), 'trackFiles'],
    ],
    'editor/title': [
      ['a config', file('.mldata.yaml'), 'buildAll', 'buildDataset', 'openManifest', 'showReport'],
      ['a config before the first build', file('mldata.yaml', nothingBuilt), 'buildAll', 'buildDataset'],
      ['a config in Restricted Mode', file('.mldata.yaml', untrusted), 'openManifest', 'showReport'],
      ['a config that is only shown', { ...file('.mldata.yaml'), isFileSystemResource: false }],
      ['other YAML', file('manifest.yaml')],
      [
        'a change that is shown before it is written',
        { ...settled, resourceScheme: 'mldata-tracking' },
        ...['applyTracking', 'discardTracking'],
      ],
    ],
  };

describe('menus', () => {
  for (const [menu, rows] of Object.entries(cases)) {
    for (const [where, context, ...commands] of rows) {
      it(`${menu}, ${where}: ${commands.join(', ') || 'nothing'}`, () => {
        assert.deepEqual(offered(menu, context), commands);
      });
    }
  }

  it('are all looked at here, and name commands that exist', () => {
    assert.deepEqual(Object.keys(contributes.menus).sort(), [...Object.keys(cases), 'commandPalette'].sort());
    const known: readonly string[] = [...Object.values(CommandId), ...contributes.submenus.map(({ id }) => id)];
    const unknown = Object.values(contributes.menus)
      .flat()
      .filter(({ command, submenu }) => !known.includes(command ?? submenu ?? ''));
    assert.deepEqual(unknown, []);
  });
});

describe('data files', () => {
  const endings = [...DATA_EXTENSIONS, ...COMPRESSION_EXTENSIONS, 'txt', 'yaml', 'csvx', 'bak'];
  const names = endings.flatMap((first) => [
    `a.${first}`,
    `A.${first.toUpperCase()}`,
    first,
    ...COMPRESSION_EXTENSIONS.map((second) => `a.${first}.${second}`),
  ]);

  it('are in the explorer what they are to the engine', () => {
    const others = names.filter((name) => name.includes('.'));
    assert.deepEqual(
      others.filter((name) => offered('explorer/context', file(name)).includes('createConfig')),
      others.filter((name) => isDataFile(name)),
    );
  });

  it('have every ending that the engine knows, and no other', () => {
    assert.deepEqual(
      DATA_EXTENSIONS.filter((ending) => !isDataFile(`a.${ending}`)),
      [],
    );
    assert.deepEqual(
      COMPRESSION_EXTENSIONS.filter((ending) => !isDataFile(`a.csv.${ending}`)),
      [],
    );
  });
});

describe('the extension', () => {
  it('starts by itself where a config lies, however deep', () => {
    for (const name of CONFIG_FILES) assert.ok(activationEvents.includes(`workspaceContains:**/${name}`), name);
  });

  const { pattern = '' } = contributes.configuration.properties['mldata.engine.memoryLimit'] ?? {};
  const amounts = [
    '512MB',
    '2GB',
    '1.5 GiB',
    ' 4gb ',
    '1TB',
    '',
    '  ',
    '512B',
    '0MB',
    '0.0GB',
    '5',
    'MB',
    '-1GB',
    '1PB',
  ];
  for (const amount of [...amounts, '1,5GB', '80%']) {
    it(`takes "${amount}" for an amount of memory as the engine does`, () => {
      const wanted = amount.trim();
      const accepted = (): boolean => {
        try {
          limitsOf(wanted === '' ? {} : { memoryLimit: wanted });
          return true;
        } catch {
          return false;
        }
      };
      assert.equal(new RegExp(pattern).test(amount), accepted());
    });
  }

  it('has a walkthrough whose commands, events and pictures exist', () => {
    const known: readonly string[] = Object.values(CommandId);
    for (const { description, media, completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      assert.ok(existsSync(path.join(root, media.svg)), media.svg);
      const text = words[description.slice(1, -1)] ?? '';
      const linked = [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id = '']) => id);
      const events = completionEvents
        .map((event) => /^onCommand:(.+)$/.exec(event)?.[1])
        .filter((id) => id !== undefined);
      assert.deepEqual(
        [...linked, ...events].filter((id) => !known.includes(id) && id !== 'mldata.datasets.focus'),
        [],
      );
      assert.ok(linked.length > 0, `${description} leads nowhere`);
    }
  });
});
