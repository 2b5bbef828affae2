/** What the config of a folder may be called, in the order in which the names win. */
export const CONFIG_FILES = ['.mldata.yaml', 'mldata.yaml'] as const;
