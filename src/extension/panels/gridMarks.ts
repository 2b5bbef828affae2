/** The rows of a file of data that builds and validations found something about, for the grid to mark. */
import { Uri } from 'vscode';
import type { DataRequest, GridMark } from '../../protocol';
import { findingsOf } from '../datasets/findings';
import { resolve } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';

/** Rows of the grid are those of the file only where one file is shown as it is; elsewhere nothing is marked. */
export function marksOf(
  { target, folder, configPath, source }: DataRequest,
  store: DatasetStore,
  validations: Validations,
): GridMark[] {
  const shown =
    configPath === undefined
      ? Uri.joinPath(Uri.file(folder), target)
      : source === true
        ? onlyInput(store, Uri.file(configPath), target)
        : undefined;
  if (shown === undefined) return [];
  return store.datasets.flatMap((dataset) =>
    findingsOf(dataset, validations.of(dataset)).flatMap(({ locations = [], column, severity, message }) =>
      locations.flatMap(({ file, row }): GridMark[] =>
        row === undefined || resolve(dataset.config, file).fsPath !== shown.fsPath
          ? []
          : [{ row: row - 1, ...(column !== undefined && { column }), severity, message }],
      ),
    ),
  );
}

/** The file that a dataset is made of, where it is a single one. */
function onlyInput(store: DatasetStore, config: Uri, name: string): Uri | undefined {
  const [input, ...others] = store.find(config, name)?.manifest?.inputs ?? [];
  return input === undefined || others.length > 0 ? undefined : resolve(config, input.path);
}
