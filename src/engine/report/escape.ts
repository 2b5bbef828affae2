/**
 * Names and values of anybody's files in Markdown: shown as they are, whatever they hold. They stand in code, in which
 * GitHub finds no markup, mention, address or reference.
 */

const LONGEST = 80;

/** What would not be seen, or would turn the direction of the text around it. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** For text that knows no markup: every character is there, seen, and in its order. */
export function plain(text: string): string {
  return text.replace(/[\t\n\r]+/g, ' ').replace(hidden, numbered);
}

/** A name or value; in a table too. Empty text is `""`. */
export function code(text: string, longest = LONGEST): string {
  const flat = cut(text.replace(/[\t\n\r]+/g, ' '), longest).replace(hidden, numbered);
  const shown = flat === '' || flat !== flat.trim() ? `"${flat}"` : flat;
  // A backtick would end the code, a bar the cell, and readers differ in what a backslash before them does.
  return /[`|\\]/.test(shown) ? `<code>${entities(shown)}</code>` : `\`${shown}\``;
}

/** A sentence of ours with names and values of theirs, between backticks or not. */
export function sentence(text: string): string {
  const parts = text.split('`');
  // Without a closing one the last backtick is a character like others.
  const paired = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')];
  return paired.map((part, index) => (index % 2 === 1 ? code(part) : words(part))).join('');
}

/** GitHub makes links of these wherever they stand, entities or not, but for code. */
const linked = /@|:\/\/|www\.|#\d|\bGH-\d/i;

function words(text: string): string {
  return text
    .split(/(\s+)/)
    .map((word) => {
      if (word.trim() === '') return word === '' ? '' : ' ';
      return linked.test(word) ? code(word) : entities(cut(word, LONGEST).replace(hidden, numbered));
    })
    .join('');
}

function entities(text: string): string {
  return text.replace(/[&<>`|\\*_~[\]{}#$]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function numbered(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Whole characters, however each is stored. */
function cut(text: string, longest: number): string {
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}
