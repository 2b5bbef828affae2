/** From the text of a config and a judgement of its data to findings, each with its place in the text. */
import type { ConfigPath, Finding, Location } from '../protocol';
import { readDocument } from './document';
import type { ConfigDocument } from './document';
import { locator } from './lines';
import type { TextRange } from './lines';
import { USER_FILE } from './layers';
import type { Problem } from './problem';
import { withoutSecrets } from './secrets';
import { isRecord } from './shape';

/** Where an entry is written, or its nearest ancestor that is; undefined in an empty file. */
export type Locate = (path: ConfigPath, part?: 'key' | 'value') => Location | undefined;

export interface LocatedText {
  /** What could be read of it; undefined for a file without content. */
  readonly data: unknown;
  /** The text without a byte order mark, as YAML. */
  readonly document: ConfigDocument;
  readonly findings: readonly Finding[];
  readonly locate: Locate;
}

/** As many as an editor shows for one file. */
const MAX_FINDINGS = 1000;

interface Found {
  readonly finding: Finding;
  readonly range: TextRange;
  /** Where it is in another file than the one that was read. */
  readonly elsewhere?: Location;
}

/**
 * Reads a text and lets `judge` say what is wrong with its data; with no data it is told of `undefined`. Never throws.
 * @param user where problems that stand in the user's own config are
 */
export function readLocated(
  text: string,
  path: string,
  judge: (data: unknown) => readonly Problem[],
  user?: Locate,
): LocatedText {
  // An editor doesn't count the byte order mark as a column.
  const body = text.replace(/^\uFEFF/, '');
  const locate = locator(body, path);
  const document = readDocument(body);
  const data = document.data ?? undefined;
  const found: Found[] = document.problems.map(({ range, ...problem }) => ({
    finding: { severity: 'error', ...problem },
    range,
  }));
  if (found.length === 0) {
    for (const problem of judge(data)) {
      const elsewhere = problem.path[0] === USER_FILE ? user?.(problem.path.slice(1), problem.part) : undefined;
      found.push({
        finding: findingOf(problem),
        range: placeOf(problem, document),
        ...(elsewhere && { elsewhere }),
      });
    }
  }
  return {
    data,
    document,
    findings: shown(found).map(({ finding, range, elsewhere }) => ({
      ...finding,
      // What is found fault with is quoted, and may be an address with a password.
      message: withoutSecrets(finding.message),
      locations: [elsewhere ?? locate(range)],
    })),
    locate: (at, part = 'value') => (data === undefined ? undefined : locate(document.rangeOf(at, part))),
  };
}

/** In the order of the text; of too many, errors rather than warnings. */
function shown(found: readonly Found[]): Found[] {
  const isError = ({ finding }: Found): boolean => finding.severity === 'error';
  const worstFirst = [...found.filter(isError), ...found.filter((one) => !isError(one))];
  return worstFirst.slice(0, MAX_FINDINGS).sort((a, b) => a.range.start - b.range.start);
}

/** The range to underline. What is missing at the root is shown on its first key: not on the whole file. */
function placeOf({ path, part }: Problem, document: ConfigDocument): TextRange {
  if (path.length > 0 || part === 'value' || !isRecord(document.data)) return document.rangeOf(path, part);
  return document.rangeOf(Object.keys(document.data).slice(0, 1), 'key');
}

function findingOf({ code, severity, message, suggestion, path, ...problem }: Problem): Finding {
  const dataset = problem.dataset ?? (path[0] === 'datasets' ? path[1] : undefined);
  const columnAt = path[0] === 'datasets' ? 4 : 3;
  const column = path[columnAt - 1] === 'columns' && path[columnAt - 2] === 'schema' ? path[columnAt] : undefined;
  return {
    code,
    severity,
    message,
    ...(dataset !== undefined && { dataset: String(dataset) }),
    ...(column !== undefined && { column: String(column) }),
    ...(suggestion !== undefined && { suggestion }),
    // A path of the user's own config would be looked up in the workspace's.
    ...(path[0] !== USER_FILE && { configPath: [...path] }),
  };
}
