/** Text from data: shown as what it is, whatever it holds. */

/** What would not be seen, or would change the order in which the text around it is read. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Control characters as their pictures (`␛`), others by their number (`⟨202E⟩`). */
export function visible(text: string): string {
  return text.replace(hidden, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '␡';
    return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** At most so many characters, whole ones, with `…` where something was left out. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = Array.from(text.slice(0, 2 * length));
  return characters.length <= length && text.length <= 2 * length
    ? text
    : `${characters.slice(0, length - 1).join('')}…`;
}

/** A value on a screen: what is empty can be told from what is missing. */
export function shown(value: string, length = 60): string {
  return value === '' ? '""' : cut(visible(value), length);
}
