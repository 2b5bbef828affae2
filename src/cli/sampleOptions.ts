/** Which rows a command looks at where it does not look at all. */
import { InvalidArgumentError } from 'commander';

/** `10000`, or `1%` of them. */
export function sampleAmount(value: string): { readonly rows: number } | { readonly share: number } {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(value) ?? [];
  const amount = Number(number);
  if (percent === '%' && amount > 0 && amount <= 100) return { share: amount / 100 };
  if (percent === '' && amount > 0 && Number.isSafeInteger(amount)) return { rows: amount };
  throw new InvalidArgumentError('Give a number of rows, such as 10000, or a share of them, such as 1%.');
}

export function sampleSeed(value: string): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Give a whole number from 0 on.');
}
