/** Looking at something again and again, one look at a time. */
export class Looks {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly look: () => Promise<void>) {}

  /** What changes during a look is seen by one more look, shared by all who ask. A look that fails stops none after it. */
  again(): Promise<void> {
    if (this.running === undefined) {
      this.running = this.look().finally(() => (this.running = undefined));
      return this.running;
    }
    const begin = (): Promise<void> => {
      this.next = undefined;
      return this.again();
    };
    this.next ??= this.running.then(begin, begin);
    return this.next;
  }
}
