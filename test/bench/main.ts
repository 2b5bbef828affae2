/** `npm run bench [-- build|cancel|codecs|config|grid|memory|noop|preview|profile|transforms|workers] [--megabytes N] [--rounds N] [--rows N]` */
import { parseArgs } from 'node:util';
import { benchBuild } from './build';
import { benchCancel } from './cancel';
import { benchCodecs } from './codecs';
import { benchConfig } from './config';
import { benchGrid } from './grid';
import { benchMemory } from './memory';
import { benchNoop } from './noop';
import { benchPreview } from './preview';
import { benchProfile } from './profile';
import { benchTransforms } from './transforms';
import { benchWorkers } from './workers';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string' }, rounds: { type: 'string' }, rows: { type: 'string' } },
});

const benches: Readonly<Record<string, () => Promise<void>>> = {
  build: () => benchBuild({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  cancel: () => benchCancel({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 3) }),
  codecs: () => benchCodecs({ megabytes: Number(values.megabytes ?? 50), rounds: Number(values.rounds ?? 3) }),
  config: () => benchConfig({ rounds: Number(values.rounds ?? 20) }),
  grid: () => benchGrid({ rows: Number(values.rows ?? 10_000_000) }),
  memory: () => benchMemory({ megabytes: Number(values.megabytes ?? 5000) }),
  noop: () => benchNoop({ megabytes: Number(values.megabytes ?? 200), rounds: Number(values.rounds ?? 1) }),
  preview: () => benchPreview({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  profile: () => benchProfile({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  transforms: () => benchTransforms({ rounds: Number(values.rounds ?? 3) }),
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
