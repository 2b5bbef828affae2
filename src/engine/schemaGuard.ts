/** Whether a build changes its schema in a way that its config does not let pass. */
import type { BuildJob, SchemaGuard } from './build';
import {
  countMissing,
  evolutionFindings,
  schemaChanges,
  shapeOf,
  shapeOfManifest,
  withMissing,
  type RowsToSketch,
} from './evolution';
import { openReferences } from './references';
import type { RowsTarget } from './rows';
import { suspicionsOfRows } from './schemaRows';
import { readableArtifact } from './sources';
import {
  hasErrors,
  MldataError,
  type DatasetSpec,
  type Finding,
  type Manifest,
  type SchemaChange,
  type TableShape,
} from '../protocol';

type Standing = NonNullable<BuildJob['standing']>;

/** The build that stands in the folder, where the config asks what the next one changes. */
export async function standingRows(
  { schema }: DatasetSpec,
  output: string,
  manifest: Manifest,
): Promise<Standing | undefined> {
  if ((schema.evolution ?? 'ignore') === 'ignore' || manifest.appliedFrom) return undefined;
  const files: Record<string, string> = {};
  for (const { path } of manifest.artifacts) {
    const readable = await readableArtifact(output, path);
    if (readable !== undefined) files[path] = readable;
  }
  return { name: manifest.dataset, of: 'build', manifest, files };
}

/** The name of the standing build among rows that are opened beside those of the new one. */
const BEFORE = 'standing_build';
/** The relation of the new rows. */
const AFTER = 'rows_of_new_schema';

/** Undefined where nothing is asked, or nothing stands there. */
export function guardOf({ spec, standing, scratch, publishFailing = false }: BuildJob): SchemaGuard | undefined {
  const { evolution = 'ignore' } = spec.schema;
  if (standing === undefined || evolution === 'ignore') return undefined;
  const before = shapeOfManifest(standing.manifest);
  let opened: RowsToSketch | undefined;
  let files: readonly string[] = [];
  return {
    prepare: async ({ database, signal }) => {
      try {
        const target: RowsTarget = standing;
        const found = await openReferences({ [BEFORE]: target }, { database, scratch, signal }, BEFORE);
        const rows = found.rows.get(BEFORE);
        files = found.files;
        opened = rows && { ...rows, database, rows: standing.manifest.rows };
      } catch (error) {
        // That a file of it is gone or damaged is no reason not to build: then only the schemas are compared.
        if (signal.aborted || !(error instanceof MldataError)) throw error;
      }
      return files;
    },
    judge: async ({ relation, columns, rows }, { database }) => {
      const ids = columns.map(({ id }) => `${id}, `).join('');
      await database.run(`CREATE OR REPLACE VIEW ${AFTER} AS SELECT ${ids}id AS __row FROM ${relation}`);
      const now: RowsToSketch = { database, relation: AFTER, rows, columns };
      const after = shapeOf(withMissing(columns, await countMissing(now)), spec.schema);
      const changes = schemaChanges(before, after, await suspicions({ before, after }, opened, now));
      await database.run(`DROP VIEW ${AFTER}`);
      const declared = new Set(Object.keys(spec.schema.columns));
      const told = { dataset: spec.name, evolution, accepted: publishFailing, declared };
      const findings = evolutionFindings(changes, told);
      if (hasErrors(findings)) throw refused(spec.name, changes, findings);
      return findings;
    },
  };
}

async function suspicions(
  shapes: { readonly before: TableShape; readonly after: TableShape },
  before: RowsToSketch | undefined,
  after: RowsToSketch,
) {
  return before && suspicionsOfRows(shapes, before, after);
}

/** Changes that the error names; its findings are all of them. */
const TOLD = 5;

function refused(dataset: string, changes: readonly SchemaChange[], findings: readonly Finding[]): MldataError {
  const breaking = findings.filter(({ severity }) => severity === 'error');
  const number = changes.filter(({ compatibility }) => compatibility !== 'compatible').length;
  const more = number > TOLD ? `And ${(number - TOLD).toLocaleString('en')} more. ` : '';
  return new MldataError(
    'checkFailed',
    'schema-breaking',
    `The schema of ${dataset} changes so that it breaks: ${breaking
      .slice(0, TOLD)
      .map(({ message }) => message)
      .join(' ')} ${more}` +
      'Nothing was written; what was built before stays. Change it back, or publish it all the same with --publish-failing: ' +
      'later builds are then held against the new schema. `schema.evolution: warn` tells it and stops nothing.',
    findings,
  );
}
