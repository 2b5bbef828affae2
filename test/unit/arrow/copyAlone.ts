import { arrowToParquet, parquetToArrow } from '../../../src/engine/arrow';

/** Runs one copy (`node copyAlone.ts arrowToParquet INPUT OUTPUT`) and prints its rows, seconds and peak memory, this process's own. */
async function main([direction, input = '', output = '']: readonly string[]): Promise<void> {
  const started = performance.now();
  const copy = direction === 'arrowToParquet' ? arrowToParquet : parquetToArrow;
  const { rows } = await copy(input, output, { signal: new AbortController().signal });
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ rows, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
}

void main(process.argv.slice(2));
