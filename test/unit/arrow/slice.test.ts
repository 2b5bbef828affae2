import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Table, writeParquet } from 'parquet-wasm';
import { encodeMessage } from '../../../src/engine/arrow/message';
import type { ArrowMessage, Columns } from '../../../src/engine/arrow/message';
import { readMessages } from '../../../src/engine/arrow/reader';
import type { ArrowSchema } from '../../../src/engine/arrow/schema';
import { canSlice, sliceColumns } from '../../../src/engine/arrow/slice';
import { fixtures, openDuckDB, readParquet, scratchFolder } from './files';

async function tableIn(name: string): Promise<{ schema: ArrowSchema; dictionaries: ArrowMessage[]; columns: Columns }> {
  const file = await open(join(fixtures, name));
  const messages: ArrowMessage[] = [];
  for await (const { message } of readMessages(file, 'file')) messages.push(message);
  await file.close();
  const [schema, batch] = [messages[0], messages.at(-1)];
  assert.ok(schema?.kind === 'schema' && batch?.kind === 'batch');
  return { schema: schema.schema, dictionaries: messages.slice(1, -1), columns: batch.columns };
}

describe('cutting a record batch into pieces', () => {
  const scratch = scratchFolder();

  for (const step of [1, 7, 8, 64, 199, 200]) {
    it(`of ${step} rows loses and changes nothing`, async () => {
      const { schema, dictionaries, columns } = await tableIn('nested.arrow');
      const parquet = async (name: string, batches: readonly Columns[]): Promise<string> => {
        const messages = [
          { kind: 'schema', schema } as const,
          ...dictionaries,
          ...batches.map((b) => ({ kind: 'batch', columns: b }) as const),
        ];
        const stream = Buffer.concat(messages.flatMap((message) => encodeMessage(message).pieces));
        await writeFile(scratch(name), writeParquet(Table.fromIPCStream(stream)));
        return readParquet([scratch(name)]);
      };
      const pieces: Columns[] = [];
      for (let start = 0; start < 200; start += step) {
        pieces.push(sliceColumns(schema.fields, columns, start, Math.min(step, 200 - start)));
      }
      const [whole, cut] = [await parquet('whole.parquet', [columns]), await parquet(`cut-${step}.parquet`, pieces)];
      const duckdb = await openDuckDB();
      const [expected, actual] = [
        await duckdb.runAndReadAll(`FROM ${whole}`),
        await duckdb.runAndReadAll(`FROM ${cut}`),
      ];
      assert.equal(expected.currentRowCount, 200);
      assert.deepEqual(actual.getRowsJson(), expected.getRowsJson());
      duckdb.closeSync();
    });
  }

  it('leaves list views alone: any row may share any value', async () => {
    assert.equal(canSlice((await tableIn('nested.arrow')).schema.fields), true);
    assert.equal(canSlice((await tableIn('types.arrow')).schema.fields), false);
  });
});
