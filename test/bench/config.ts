/** Reading a config of 1,000 lines, as the editor does while somebody types: asked to take less than 100 ms. */
import { parseConfig } from '../../src/config';
import { inTurn, print } from './measure';

const LINES = 1000;

export async function benchConfig({ rounds }: { rounds: number }): Promise<void> {
  const text = longConfig();
  const [result] = await inTurn(rounds, {
    config: () => {
      const { findings } = parseConfig(text, '.mldata.yaml');
      return findings.length === 0 ? Promise.resolve() : Promise.reject(new Error('The config has problems'));
    },
  });
  if (!result) return;
  console.log(`\nReading a config of ${LINES} lines, ${rounds} rounds`);
  print([
    ['median', 'all'],
    [inMilliseconds(result.median), result.seconds.map(inMilliseconds).join(' ')],
  ]);
}

function inMilliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}

function longConfig(): string {
  const lines = ['version: 1', 'datasets:'];
  for (let index = 0; lines.length < LINES; index++) {
    lines.push(`  d${index}:`, '    source: a.csv', '    schema:', '      columns:');
    for (let column = 0; column < 10; column++)
      lines.push(`        c${column}: { type: integer, minimum: 0, maximum: ${column} }`);
    lines.push('    split: { train: 0.8, test: 0.2 }', '    output: { formats: [parquet], compression: zstd:3 }');
  }
  return lines.join('\n');
}
