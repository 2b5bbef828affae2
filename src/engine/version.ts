import packageJson from '../../package.json';

export const TOOL = { name: 'mldata', version: packageJson.version } as const;

/** What a document that is made now begins with. @param kind such as `mldata/build` */
export function documentHead<Kind extends string>(kind: Kind) {
  return { kind, version: 1, generatedAt: new Date().toISOString(), tool: TOOL } as const;
}

/** The engine as manifests name it, known without loading it: `1.5.5-r.5` packages `v1.5.5`. */
export const ENGINE_VERSION = `v${packageJson.dependencies['@duckdb/node-api'].split('-')[0] ?? ''}`;
