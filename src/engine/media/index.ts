/** Image and audio files that values of the data name. */
import type { AudioProperties } from './audio';

export * from './find';
export { mediaIn, type MediaName } from './folder';
export * from './image';
export { checkFiles, type FileToCheck, type MediaProblemCode, type MediaVerdict } from './integrity';
export type { AudioProperties };

/** See `audio.ts`, which is loaded when the first file is looked at. */
export async function audioProperties(
  file: { readonly path: string; readonly bytes: number },
  signal: AbortSignal,
): Promise<AudioProperties | undefined> {
  const audio = await import('./audio');
  return audio.audioProperties(file, signal);
}
