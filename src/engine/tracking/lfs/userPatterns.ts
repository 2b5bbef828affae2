/** Patterns of a config, which name files whatever their size. Git itself says what they match. */
import { MldataError } from '../../../protocol';
import { gitAttribute, type GitRepository } from '../git';
import { patternText, escaped } from './patternText';
import { ATTRIBUTES, TrialTree } from './trialTree';

export interface MatchedPattern {
  readonly written: string;
  /** Relative to the git root. */
  readonly pattern: string;
  readonly files: ReadonlySet<string>;
}

/**
 * Throws `lfs-pattern` for what is none.
 * @param base the folder that they are relative to, itself relative to the git root, as are the paths
 */
export async function matchPatterns(
  git: GitRepository,
  base: string,
  patterns: readonly string[],
  paths: readonly string[],
): Promise<MatchedPattern[]> {
  if (patterns.length === 0) return [];
  const tree = await TrialTree.open(git, []);
  try {
    const matched: MatchedPattern[] = [];
    for (const written of patterns) {
      const pattern = fromRoot(base, written);
      await tree.write(ATTRIBUTES, Buffer.from(`${patternText(pattern)} ${MATCHED}\n`));
      const values = await gitAttribute(tree.repository, MATCHED, paths);
      matched.push({ written, pattern, files: new Set(paths.filter((path) => values.get(path) === 'set')) });
    }
    return matched;
  } finally {
    await tree.close();
  }
}

/** An attribute that nothing else has. */
const MATCHED = 'mldata-matched';

/** As in `.gitattributes`, without a slash at every depth; a folder stands for all that is in it. */
function fromRoot(base: string, written: string): string {
  const plain = written.trim().replace(/^(\.?\/)+/, '');
  if (plain === '' || plain.startsWith('!') || /(^|\/)\.\.(\/|$)/.test(plain)) {
    const why = plain.startsWith('!') ? 'excludes files' : plain === '' ? 'is empty' : 'leaves the folder of the build';
    const text = `The pattern \`${written}\` of \`tracking.gitLfs\` ${why}. Name the files that Git LFS is to keep, such as \`data/*.parquet\`.`;
    throw new MldataError('config', 'lfs-pattern', text);
  }
  const inBase = plain.includes('/') || plain === '**' ? plain : `**/${plain}`;
  const whole = inBase.endsWith('/') ? `${inBase}**` : inBase;
  return base === '' ? whole : `${escaped(base)}/${whole}`;
}
