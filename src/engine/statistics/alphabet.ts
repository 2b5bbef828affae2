/** What letters, digits and words are. */

/** Classes of characters, as regular expressions have them between brackets. */
export interface Alphabet {
  readonly capital: string;
  /** Letters that are no capitals, and marks. */
  readonly small: string;
  readonly digit: string;
  readonly number: string;
  readonly space: string;
  readonly punctuation: string;
}

export const unicode: Alphabet = {
  capital: String.raw`\p{Lu}`,
  small: String.raw`\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}`,
  digit: String.raw`\p{Nd}`,
  number: String.raw`\p{N}`,
  space: String.raw`\s\p{Z}`,
  punctuation: String.raw`\p{P}\p{S}`,
};

/** The same for texts without others: to prepare expressions of all the world's letters takes longer than most columns do. */
export const ascii: Alphabet = {
  capital: 'A-Z',
  small: 'a-z',
  digit: '0-9',
  number: '0-9',
  space: String.raw`\s`,
  punctuation: '[:punct:]',
};

/** A regular expression of a word. */
export function wordOf({ capital, small, number }: Alphabet): string {
  const inside = `${capital}${small}${number}`;
  return `[${inside}][${inside}_'’-]*`;
}
