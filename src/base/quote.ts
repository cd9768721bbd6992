/** Longer text of a user is cut before it is shown: a name may be as long as its author likes. */
const longest = 256;

/**
 * What a terminal or a log viewer would act on instead of showing: C0 and C1 controls, DEL, line separators, invisible
 * and bidirectional characters, lone surrogates.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of a user as it may stand in a message: without its controls, at most `most` characters. */
export function show(text: string, most = longest): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut.replace(unsafe, escape);
}

/** The same in quotation marks. */
export const quote = (text: string): string => `"${show(text)}"`;

/** Whether {@link show} leaves all of `text` as it is, however long it is. */
export const isShownAsItIs = (text: string): boolean => text.search(unsafe) < 0;

/** `value` as JSON on one line that holds none of the characters above as they are; JSON reads it back unchanged. */
export const jsonLine = (value: unknown): string => JSON.stringify(value).replace(unsafe, escape);
