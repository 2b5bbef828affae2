/** Questions to the editor, and their answers. */
import type {
  FromGridPage,
  GridCell,
  GridCellRequest,
  GridError,
  GridPageBytes,
  GridPageRequest,
  GridThumbnail,
  ToGridPage,
} from '../../src/protocol';

type Answer = Extract<ToGridPage, { readonly key: number }>;

export class Questions {
  private readonly open = new Map<number, { resolve: (answer: Answer) => void; reject: (error: GridError) => void }>();
  private asked = 0;

  constructor(private readonly send: (message: FromGridPage) => void) {}

  async page(request: Omit<GridPageRequest, 'id'>, signal?: AbortSignal): Promise<GridPageBytes> {
    const answer = await this.ask((key) => ({ type: 'page', key, request }), signal);
    if (answer.type !== 'page') throw unexpected();
    return answer.page;
  }

  async cell(request: Omit<GridCellRequest, 'id'>, signal?: AbortSignal): Promise<GridCell> {
    const answer = await this.ask((key) => ({ type: 'cell', key, request }), signal);
    if (answer.type !== 'cell') throw unexpected();
    return answer.cell;
  }

  async thumbnail(request: Omit<GridCellRequest, 'id'>): Promise<GridThumbnail> {
    const answer = await this.ask((key) => ({ type: 'thumbnail', key, request }));
    if (answer.type !== 'thumbnail') throw unexpected();
    return answer.thumbnail;
  }

  answered(answer: Answer): void {
    const question = this.open.get(answer.key);
    this.open.delete(answer.key);
    if (answer.type === 'refused') question?.reject(answer.error);
    else question?.resolve(answer);
  }

  private ask(message: (key: number) => FromGridPage, signal?: AbortSignal): Promise<Answer> {
    const key = this.asked++;
    return new Promise((resolve, reject) => {
      this.open.set(key, { resolve, reject });
      signal?.addEventListener(
        'abort',
        () => {
          if (!this.open.delete(key)) return;
          this.send({ type: 'cancel', key });
          // As an answer that was refused: it is caught in the same place.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject({ code: 'cancelled', message: '' } satisfies GridError);
        },
        { once: true },
      );
      this.send(message(key));
    });
  }
}

function unexpected(): Error {
  return new Error('The answer is of another question');
}
