/** `npm run bench [-- build|cancel|codecs|config|drift|export|fetch|files|first|grid|memory|noop|preview|profile|track|transforms|validate|workers] [--megabytes N] [--rounds N] [--rows N] [--files N]` */
import { parseArgs } from 'node:util';
import { benchBuild } from './build';
import { benchCancel } from './cancel';
import { benchCodecs } from './codecs';
import { benchConfig } from './config';
import { benchDrift } from './drift';
import { benchExport } from './export';
import { benchFetch } from './fetch';
import { benchFiles } from './files';
import { benchFirst } from './first';
import { benchGrid } from './grid';
import { benchMemory } from './memory';
import { benchNoop } from './noop';
import { benchPreview } from './preview';
import { benchProfile } from './profile';
import { benchTrack } from './track';
import { benchTransforms } from './transforms';
import { benchValidate } from './validate';
import { benchWorkers } from './workers';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    megabytes: { type: 'string' },
    rounds: { type: 'string' },
    rows: { type: 'string' },
    files: { type: 'string' },
  },
});

const benches: Readonly<Record<string, () => Promise<void>>> = {
  build: () => benchBuild({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  cancel: () => benchCancel({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 3) }),
  codecs: () => benchCodecs({ megabytes: Number(values.megabytes ?? 50), rounds: Number(values.rounds ?? 3) }),
  config: () => benchConfig({ rounds: Number(values.rounds ?? 20) }),
  drift: () => benchDrift({ rows: Number(values.rows ?? 1_000_000), rounds: Number(values.rounds ?? 5) }),
  export: () => benchExport({ rows: Number(values.rows ?? 1_000_000), rounds: Number(values.rounds ?? 5) }),
  fetch: () => benchFetch({ megabytes: Number(values.megabytes ?? 2000), rounds: Number(values.rounds ?? 3) }),
  files: () => benchFiles({ files: Number(values.files ?? 3000), rounds: Number(values.rounds ?? 3) }),
  first: () => benchFirst({ megabytes: Number(values.megabytes ?? 500), rounds: Number(values.rounds ?? 5) }),
  grid: () => benchGrid({ rows: Number(values.rows ?? 10_000_000) }),
  memory: () => benchMemory({ megabytes: Number(values.megabytes ?? 5000) }),
  noop: () => benchNoop({ megabytes: Number(values.megabytes ?? 200), rounds: Number(values.rounds ?? 1) }),
  preview: () => benchPreview({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  profile: () => benchProfile({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  track: () =>
    benchTrack({
      megabytes: Number(values.megabytes ?? 2000),
      files: Number(values.files ?? 50_000),
      rounds: Number(values.rounds ?? 3),
    }),
  transforms: () => benchTransforms({ rounds: Number(values.rounds ?? 3) }),
  validate: () => benchValidate({ rows: Number(values.rows ?? 1_000_000), rounds: Number(values.rounds ?? 5) }),
  workers: () => benchWorkers({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
};

async function main(): Promise<void> {
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  for (const name of names) {
    const bench = benches[name];
    if (!bench) throw new Error(`There is no benchmark ${name}; there are ${Object.keys(benches).join(', ')}`);
    await bench();
  }
}

void main();
