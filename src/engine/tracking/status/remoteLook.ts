/** Whether the bytes of outputs are at their remote: seen on this machine, asked of the installed DVC elsewhere. */
import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { cancelled, MldataError } from '../../../protocol';
import type { DvcRepository } from '../dvc';
import { runDvc, type DvcProgram } from '../dvc/command';
import { localFolder } from '../dvc/remoteAddress';
import { defaultRemote } from '../dvc/remotes';
import { ObjectFolder } from './objectFolder';
import type { TrackedOut } from './trackedOuts';

/** `unasked`: nobody wanted to know, or nobody could be asked. */
export type AtRemote =
  | { readonly is: 'there' | 'none' }
  | { readonly is: 'unasked'; readonly why?: string }
  | { readonly is: 'unknown' | 'lacking'; readonly remote: string };

export class RemoteLook {
  private readonly answers = new Map<string, Promise<ReadonlySet<string> | ObjectFolder | MldataError>>();

  /**
   * @param program asks remotes elsewhere; undefined: none is installed
   * @param wanted whether remotes are asked, or only which there are
   */
  constructor(
    private readonly dvc: DvcRepository,
    private readonly cache: ObjectFolder,
    private readonly program: () => Promise<DvcProgram | undefined>,
    private readonly wanted: boolean,
    private readonly signal: AbortSignal,
  ) {}

  /** Throws the cancelled error. */
  async of({ out }: TrackedOut): Promise<AtRemote> {
    if (!out.push) return { is: 'there' };
    const remote = out.remote?.toLowerCase() ?? defaultRemote(this.dvc.config);
    if (remote === undefined) return { is: 'none' };
    if (!this.dvc.config.get(`remote "${remote}"`)?.has('url')) return { is: 'unknown', remote };
    if (!this.wanted) return { is: 'unasked' };
    const answer = await this.answerOf(remote);
    if (answer instanceof MldataError) return { is: 'unasked', why: answer.message };
    const path = relative(this.dvc.root, out.file).split(sep).join('/');
    if (!(answer instanceof ObjectFolder)) {
      const lacking = [...answer].some((name) => name === path || name.startsWith(`${path}/`));
      return lacking ? { is: 'lacking', remote } : { is: 'there' };
    }
    const here = await this.cache.objectsOf(out);
    const objects = here.length > 1 ? here : await answer.objectsOf(out);
    const missing = await answer.lacks(objects, out.hash);
    return missing.length > 0 ? { is: 'lacking', remote } : { is: 'there' };
  }

  private answerOf(remote: string) {
    const known = this.answers.get(remote);
    if (known !== undefined) return known;
    const answer = this.ask(remote);
    this.answers.set(remote, answer);
    return answer;
  }

  /** The paths that the remote lacks, or the folder that it is. */
  private async ask(remote: string): Promise<ReadonlySet<string> | ObjectFolder | MldataError> {
    const url = this.dvc.config.get(`remote "${remote}"`)?.get('url');
    const folder = url && localFolder(url);
    if (folder !== undefined) {
      // One that is not there yet has nothing; `dvc push` makes it.
      const found = await stat(folder).catch(() => undefined);
      return found === undefined || found.isDirectory()
        ? new ObjectFolder(folder)
        : notAsked(remote, 'it is no folder');
    }
    const program = await this.program();
    if (program === undefined) return notAsked(remote, 'DVC is not installed, which asks remotes elsewhere');
    try {
      const said = await runDvc(program, ['status', '-c', '--json', '-r', remote], this.dvc.root, this.signal);
      const states = Object.entries(JSON.parse(said) as Record<string, unknown>);
      return new Set(states.flatMap(([path, state]) => (state === 'new' || state === 'missing' ? [path] : [])));
    } catch (error) {
      if (this.signal.aborted) throw cancelled();
      return notAsked(remote, error instanceof Error ? error.message : String(error));
    }
  }
}

function notAsked(remote: string, why: string): MldataError {
  return new MldataError('network', 'remote-not-asked', `The remote ${remote} could not be asked: ${why}.`);
}
