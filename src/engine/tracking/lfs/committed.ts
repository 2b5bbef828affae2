/** What git has of files: pointers of Git LFS, or their content itself. */
import { readLfsPointer, POINTER_BYTES, type LfsPointer } from '../../text';
import { ask, literally, type GitRepository } from '../git';

export interface Committed {
  /** Relative to the git root. */
  readonly path: string;
  readonly bytes: number;
  /** Absent: git keeps the content. */
  readonly pointer?: LfsPointer;
}

/** The files below the places as they are in the index. An empty file is as it is, and its own pointer. */
export async function committedFiles(git: GitRepository, places: readonly string[]): Promise<Committed[]> {
  if (places.length === 0) return [];
  const { stdout } = await ask(git.root, ['ls-files', '-z', '--stage', '--', ...places.map(literally)]);
  const entries = [...stdout.toString().matchAll(/100\d{3} ([0-9a-f]+) \d\t([^\0]*)\0/g)];
  const blobs = await blobsOf(git, new Set(entries.map(([, id = '']) => id)));
  return entries.flatMap(([, id = '', path = '']) => {
    const blob = blobs.get(id);
    return blob === undefined ? [] : [{ path, ...blob }];
  });
}

/** The bytes of all different contents that pointers below the places have ever stood for, in any commit. */
export async function storedBytes(git: GitRepository, places: readonly string[]): Promise<number> {
  if (places.length === 0) return 0;
  const listed = await ask(git.root, ['rev-list', '--objects', '--all', '--', ...places.map(literally)]);
  const ids = new Set([...listed.stdout.toString().matchAll(/^([0-9a-f]{40,64}) ./gm)].map(([, id = '']) => id));
  const contents = new Map<string, number>();
  for (const { pointer } of (await blobsOf(git, ids)).values()) if (pointer) contents.set(pointer.oid, pointer.bytes);
  return [...contents.values()].reduce((sum, bytes) => sum + bytes, 0);
}

type Blob = Pick<Committed, 'bytes' | 'pointer'>;

async function blobsOf({ root }: GitRepository, ids: ReadonlySet<string>): Promise<Map<string, Blob>> {
  const blobs = new Map<string, Blob>();
  if (ids.size === 0) return blobs;
  const lines = (of: Iterable<string>) => [...of].map((id) => `${id}\n`).join('');
  const sizes = await ask(root, ['cat-file', '--batch-check'], lines(ids));
  for (const [, id = '', bytes] of sizes.stdout.toString().matchAll(/^([0-9a-f]+) blob (\d+)$/gm)) {
    blobs.set(id, { bytes: Number(bytes) });
  }
  const small = [...blobs].filter(([, { bytes }]) => bytes > 0 && bytes <= POINTER_BYTES).map(([id]) => id);
  if (small.length === 0) return blobs;
  const { stdout } = await ask(root, ['cat-file', '--batch'], lines(small));
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf('\n', at);
    const [id = '', , size] = stdout.toString('latin1', at, end).split(' ');
    const bytes = Number(size);
    const pointer = readLfsPointer(stdout.subarray(end + 1, end + 1 + bytes));
    if (pointer) blobs.set(id, { bytes, pointer });
    at = end + 1 + bytes + 1;
  }
  return blobs;
}
