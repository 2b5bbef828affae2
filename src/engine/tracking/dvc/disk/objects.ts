/** Objects of the cache: files under their hash, read-only. */
import { lstatSync } from 'node:fs';
import { sep } from 'node:path';

/** A file of this mode is believed by DVC: it holds what its name says. */
export const OBJECT_MODE = 0o444;

/** @param objects the folder of all of them */
export function objectPath(objects: string, md5: string): string {
  return `${objects}${sep}${md5.slice(0, 2)}${sep}${md5.slice(2)}`;
}

/** Whether an object is there that DVC believes. One of another size was cut off by something. */
export function isKept(objects: string, md5: string, size: number): boolean {
  const found = lstatSync(objectPath(objects, md5), { throwIfNoEntry: false });
  return found?.isFile() === true && (found.mode & 0o777) === OBJECT_MODE && found.size === size;
}

/** Which of these are not there, by their places in the list. */
export function missingObjects(objects: string, wanted: readonly (readonly [md5: string, size: number])[]): number[] {
  return wanted.flatMap(([md5, size], index) => (isKept(objects, md5, size) ? [] : [index]));
}
