/** `npm run bench [-- build|codecs|noop|transforms] [--megabytes N] [--rounds N]` */
import { parseArgs } from 'node:util';
import { benchBuild } from './build';
import { benchCodecs } from './codecs';
import { benchNoop } from './noop';
import { benchTransforms } from './transforms';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string' }, rounds: { type: 'string' } },
});

const benches: Readonly<Record<string, () => Promise<void>>> = {
  build: () => benchBuild({ megabytes: Number(values.megabytes ?? 150), rounds: Number(values.rounds ?? 5) }),
  codecs: () => benchCodecs({ megabytes: Number(values.megabytes ?? 50), rounds: Number(values.rounds ?? 3) }),
  noop: () => benchNoop({ megabytes: Number(values.megabytes ?? 200), rounds: Number(values.rounds ?? 1) }),
  transforms: () => benchTransforms({ rounds: Number(values.rounds ?? 3) }),
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
