import packageJson from '../../package.json';

export const TOOL = { name: 'mldata', version: packageJson.version } as const;
