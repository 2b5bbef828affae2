declare module 'lz4js' {
  /**
   * Decompresses one LZ4 block, `length` bytes of `source` from `start`, into `target` from `at`; returns where it ended there.
   * Damaged input may make it read and write outside the arrays (which does nothing) and return a place beyond the target's end.
   */
  export function decompressBlock(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    length: number,
    at: number,
  ): number;
}
