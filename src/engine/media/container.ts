/** Which container a file is, whatever it is called: its usual extension by how its content begins. */

const signatures: readonly { readonly extension: string; readonly begins: RegExp }[] = [
  { extension: '.flac', begins: /^fLaC/ },
  { extension: '.ogg', begins: /^OggS/ },
  { extension: '.mp3', begins: /^ID3/ },
  { extension: '.aac', begins: /^\xff[\xf0\xf1\xf8\xf9]/ },
  { extension: '.mp3', begins: /^\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff]/ },
  { extension: '.m4a', begins: /^[^]{4}ftyp/ },
  { extension: '.aif', begins: /^FORM[^]{4}AIF[FC]/ },
  { extension: '.mka', begins: /^\x1a\x45\xdf\xa3/ },
  { extension: '.wma', begins: /^\x30\x26\xb2\x75/ },
  { extension: '.wv', begins: /^wvpk/ },
  { extension: '.ape', begins: /^MAC / },
  { extension: '.dsf', begins: /^DSD / },
];

/** Undefined where it begins like none. */
export function extensionByContent(content: Buffer): string | undefined {
  const head = content.toString('latin1', 0, 12);
  return signatures.find(({ begins }) => begins.test(head))?.extension;
}
