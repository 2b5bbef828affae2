/** Stands for a schema wherever that is named; part of the bundles, see `lazySchemas.mjs`. */
export function whenAsked(build) {
  let schema;
  return new Proxy({}, { get: (_, key) => (schema ??= build())[key] });
}
