declare module 'picomatch' {
  /** Whether a name, with forward slashes, matches one of the globs. */
  export default function picomatch(globs: string[], options?: { dot?: boolean }): (name: string) => boolean;
}
