/** Reading what a build reported. */
import { readText } from '../readText';
import { datasetBuildSchema, type DatasetBuild } from '../../protocol';

/** Undefined where no report stands that can be read. */
export async function readReport(file: string): Promise<DatasetBuild | undefined> {
  try {
    return datasetBuildSchema.parse(JSON.parse(await readText(file)));
  } catch {
    return undefined;
  }
}
