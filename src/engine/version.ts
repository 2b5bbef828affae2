import packageJson from '../../package.json';

export const TOOL = { name: 'mldata', version: packageJson.version } as const;

/** The engine as manifests name it, known without loading it: `1.5.5-r.5` packages `v1.5.5`. */
export const ENGINE_VERSION = `v${packageJson.dependencies['@duckdb/node-api'].split('-')[0] ?? ''}`;
