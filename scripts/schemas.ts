/** Publishes the JSON Schemas of configs and documents for editors and other tools; `--check` only says whether they are current. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import * as z from 'zod';
import { configJsonSchema, userJsonSchema } from '../src/config';
import {
  addedSchema,
  alertDeliverySchema,
  alertListSchema,
  alertMessageSchema,
  credentialsSchema,
  diffSchema,
  doctorSchema,
  driftAlertSchema,
  driftHistorySchema,
  driftSchema,
  exportSchema,
  manifestSchema,
  peekSchema,
  profileSchema,
  pullSchema,
  qualitySchema,
  schemaDiffSchema,
  schemaDocumentSchema,
  schemaExportSchema,
  schemaHistorySchema,
  remoteSchema,
  trackingStatusSchema,
  trackSchema,
  versionsFileSchema,
} from '../src/protocol';

const folder = join(__dirname, '../media/schemas');
const schemas = {
  'mldata.schema.json': configJsonSchema(),
  'user.schema.json': userJsonSchema(),
  'manifest.schema.json': z.toJSONSchema(manifestSchema),
  'diff.schema.json': z.toJSONSchema(diffSchema),
  'drift.schema.json': z.toJSONSchema(driftSchema),
  'add.schema.json': z.toJSONSchema(addedSchema),
  'peek.schema.json': z.toJSONSchema(peekSchema),
  'profile.schema.json': z.toJSONSchema(profileSchema),
  'pull.schema.json': z.toJSONSchema(pullSchema),
  'quality.schema.json': z.toJSONSchema(qualitySchema),
  'schema.schema.json': z.toJSONSchema(schemaDocumentSchema),
  'schema-diff.schema.json': z.toJSONSchema(schemaDiffSchema),
  'schema-history.schema.json': z.toJSONSchema(schemaHistorySchema),
  'schema-export.schema.json': z.toJSONSchema(schemaExportSchema),
  'versions.schema.json': z.toJSONSchema(versionsFileSchema),
  'drift-history.schema.json': z.toJSONSchema(driftHistorySchema),
  'alert.schema.json': z.toJSONSchema(driftAlertSchema),
  'alert-message.schema.json': z.toJSONSchema(alertMessageSchema),
  'alerts.schema.json': z.toJSONSchema(alertListSchema),
  'credentials.schema.json': z.toJSONSchema(credentialsSchema),
  'doctor.schema.json': z.toJSONSchema(doctorSchema),
  'export.schema.json': z.toJSONSchema(exportSchema),
  'track.schema.json': z.toJSONSchema(trackSchema),
  'track-status.schema.json': z.toJSONSchema(trackingStatusSchema),
  'track-remote.schema.json': z.toJSONSchema(remoteSchema),
  'alert-delivery.schema.json': z.toJSONSchema(alertDeliverySchema),
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
