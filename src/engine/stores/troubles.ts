/** What stands in the way of asking a store. */
import { MldataError } from '../../protocol';

/** @param should the form of an address that would be right */
export function wrongAddress(uri: string, why: string, should: string): MldataError {
  return new MldataError('config', 'store-address', `${uri} is no address of a store: ${why}. Write ${should}.`);
}

export function nothingThere(uri: string, advice: string): MldataError {
  return new MldataError('config', 'store-empty', `${uri} names no file. ${advice}`);
}

/** The answer of a server is not what its interface promises. */
export function strangeAnswer(uri: string, why: string, cause?: unknown): MldataError {
  return new MldataError('network', 'store-answer', `${uri} cannot be listed: ${why}.`, [], { cause });
}

export function tooMany(uri: string, most: number): MldataError {
  return new MldataError(
    'config',
    'store-too-many',
    `${uri} names more than ${most.toLocaleString('en')} files. Name a folder of them, or a narrower pattern.`,
  );
}
