/** Images of cells in small: asked for as they come into sight, the last ones first; a bounded number is kept. */
import type { GridCellRequest, GridThumbnail } from '../../../src/protocol';

export type AskThumbnail = (request: Omit<GridCellRequest, 'id'>) => Promise<GridThumbnail>;
type Picture = { readonly image: ImageBitmap } | { readonly message: string };

const KEPT = 300;
const AT_ONCE = 2;

export class Thumbnails {
  private readonly kept = new Map<string, Picture>();
  private readonly asked = new Set<string>();
  private waiting: { readonly key: string; readonly row: number; readonly column: number }[] = [];

  constructor(
    private readonly ask: AskThumbnail,
    private readonly onChange: () => void,
  ) {}

  /** Undefined: on its way. */
  get(row: number, column: number): Picture | undefined {
    const key = `${row}/${column}`;
    const found = this.kept.get(key);
    if (found === undefined && !this.asked.has(key)) {
      this.waiting = [{ key, row, column }, ...this.waiting.filter((each) => each.key !== key)].slice(0, 100);
      this.next();
    }
    return found;
  }

  private next(): void {
    while (this.asked.size < AT_ONCE) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.asked.add(next.key);
      void this.fetch(next.key, next.row, next.column);
    }
  }

  private async fetch(key: string, row: number, column: number): Promise<void> {
    try {
      const { png, message } = await this.ask({ row, column });
      this.keep(key, png === undefined ? { message: message ?? '' } : { image: await imageOf(png) });
    } catch (error) {
      this.keep(key, { message: messageOf(error) });
    }
    this.asked.delete(key);
    this.next();
    this.onChange();
  }

  private keep(key: string, picture: Picture): void {
    this.kept.set(key, picture);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

/** Drawn on a canvas: the page's policy lets no image in by an address. */
export function canvasOf(image: ImageBitmap, size: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, size / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export async function imageOf(png: string): Promise<ImageBitmap> {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  return createImageBitmap(new Blob([bytes], { type: 'image/png' }));
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
