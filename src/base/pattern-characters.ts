/** Sets of printable ASCII characters, for patterns. */
export type Characters = ReadonlySet<string>;

export const printable = /^[\x20-\x7e]*$/;

/** From one character to another, both included. */
export function charactersOf(from: string, to: string): Characters {
  const members = new Set<string>();
  for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1) members.add(String.fromCharCode(code));
  return members;
}

export const everyPrintable: Characters = charactersOf(' ', '~');

/** All printable ones but these. */
export const without = (members: Characters): Characters => new Set([...everyPrintable].filter((character) => !members.has(character)));
