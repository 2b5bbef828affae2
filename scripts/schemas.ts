/** Publishes the JSON Schema of `.mldata.yaml` for editors and other tools; `--check` only says whether it is current. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import { configJsonSchema } from '../src/config';

const file = join(__dirname, '../media/schemas/mldata.schema.json');

async function main(): Promise<void> {
  const text = await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 120 });
  if (process.argv.includes('--check')) {
    if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
    console.error('media/schemas is not current; run `npx tsx scripts/schemas.ts`.');
    process.exitCode = 1;
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

void main();
