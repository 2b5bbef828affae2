/** A folder that `datasets.load_dataset` reads as it is, and that can be uploaded to Hugging Face: the data and its card. */
import { exportDocuments } from '../../../protocol';
import type { Framework } from '../exported';
import { writeDocuments } from '../metadata';
import { adapt } from './adapt';

export const huggingface: Framework = {
  formats: ['parquet', 'csv', 'jsonl', 'arrow'],
  prepare: () => Promise.resolve({ findings: [], bytes: 0 }),
  adapt,
  write: (data) => writeDocuments(data, exportDocuments),
};
