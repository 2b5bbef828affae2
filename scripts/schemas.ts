/** Publishes the JSON Schemas of configs and documents for editors and other tools; `--check` only says whether they are current. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import * as z from 'zod';
import { configJsonSchema, userJsonSchema } from '../src/config';
import { diffSchema, manifestSchema, profileSchema, qualitySchema, versionsFileSchema } from '../src/protocol';

const folder = join(__dirname, '../media/schemas');
const schemas = {
  'mldata.schema.json': configJsonSchema(),
  'user.schema.json': userJsonSchema(),
  'manifest.schema.json': z.toJSONSchema(manifestSchema),
  'diff.schema.json': z.toJSONSchema(diffSchema),
  'profile.schema.json': z.toJSONSchema(profileSchema),
  'quality.schema.json': z.toJSONSchema(qualitySchema),
  'versions.schema.json': z.toJSONSchema(versionsFileSchema),
};

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    const file = join(folder, name);
    const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 });
    if (!process.argv.includes('--check')) await writeFile(file, text);
    else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
      console.error(`${name} in media/schemas is not current; run \`npx tsx scripts/schemas.ts\`.`);
      process.exitCode = 1;
    }
  }
}

void main();
