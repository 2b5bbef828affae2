/** Checking whether pictures are whole, against a plain loop that decodes them with the same library. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { checkFiles } from '../../src/engine/media';
import { inTurn, print } from './measure';

const formats = ['jpeg', 'png', 'webp'] as const;
const DIFFERENT = 140;

export async function benchFiles({ files, rounds }: { files: number; rounds: number }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-bench-'));
  const workers = availableParallelism();
  sharp.cache(false);
  sharp.concurrency(1);
  try {
    for (const format of formats) {
      const paths = await pictures(folder, format, files);
      const measured = await inTurn(rounds, {
        'sharp, decoding only': async () => {
          const limit = pLimit(workers);
          await Promise.all(paths.map((path) => limit(async () => sharp(path).raw().toBuffer())));
        },
        'the check of files': async () => {
          const { signal } = new AbortController();
          const script = resolve('dist/media.worker.js');
          const verdicts = await checkFiles(
            paths.map((path) => ({ path })),
            { workers, signal, script },
          );
          const [problem] = verdicts.flatMap(({ problems }) => problems);
          if (problem) throw new Error(`A whole picture was found fault with: ${problem.message}`);
        },
      });
      const [plain] = measured;
      console.log(`\n${files} pictures (${format}, 512 × 342), ${workers} at a time, ${rounds} rounds`);
      print([
        ['', 'pictures a second', 'ratio'],
        ...measured.map(({ name, median }) => [
          name,
          (files / median).toFixed(0),
          ((plain?.median ?? 0) / median).toFixed(2),
        ]),
      ]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Pictures with noise in them; there are more files than different ones, which would take longer to make than to check. */
async function pictures(folder: string, format: (typeof formats)[number], files: number): Promise<string[]> {
  const contents = await Promise.all(
    Array.from({ length: Math.min(DIFFERENT, files) }, (_, index) => {
      const noise = { type: 'gaussian', mean: 60 + (index % 140), sigma: 20 } as const;
      const create = { width: 512, height: 342, channels: 3, background: 'black', noise } as const;
      return sharp({ create }).blur(2).toFormat(format).toBuffer();
    }),
  );
  const limit = pLimit(availableParallelism());
  return Promise.all(
    Array.from({ length: files }, (_, index) =>
      limit(async () => {
        const path = join(folder, `${index}.${format}`);
        await writeFile(path, contents[index % contents.length] ?? '');
        return path;
      }),
    ),
  );
}
