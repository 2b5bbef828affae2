/** What archives of any kind hold. */
import { MldataError } from '../../protocol';

/** One file. */
export interface Member {
  /** As the archive writes it, with forward slashes. */
  readonly name: string;
  /** What it is, where it is no regular file. */
  readonly other?: string;
  /** Throws `archive-damaged`. */
  content(): AsyncIterable<Uint8Array>;
}

/** Devices, streams of files, and what Windows takes for a shorter name. */
const KEPT_BY_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|[:*?"<>|]|[. ]$/i;

/**
 * The name as a path below a folder; undefined for a folder itself. Throws `archive-unsafe` for a name that leads out
 * of it on any system, or that stands for something else than a file on this one.
 */
export function safeName(
  name: string,
  archive: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (/^\/|^[a-z]:|[\\\0]/i.test(name) || parts.includes('..')) {
    throw unsafe(archive, `its member ${JSON.stringify(name)} would be written outside the folder it is unpacked to`);
  }
  if (platform === 'win32' && parts.some((part) => KEPT_BY_WINDOWS.test(part))) {
    throw unsafe(archive, `its member ${JSON.stringify(name)} has a name that no file may have on Windows`);
  }
  return name.endsWith('/') || parts.length === 0 ? undefined : parts.join('/');
}

export function unsafe(archive: string, why: string): MldataError {
  return new MldataError(
    'buildFailed',
    'archive-unsafe',
    `${archive} is not unpacked: ${why}. Nothing of it was kept.`,
  );
}

export function damaged(archive: string, why: string, cause?: unknown): MldataError {
  return new MldataError(
    'buildFailed',
    'archive-damaged',
    `${archive} cannot be unpacked: ${why}. Fetch it again, or have it made anew where it comes from. Nothing that came out of it was kept.`,
    [],
    { cause },
  );
}
