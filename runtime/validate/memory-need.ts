/**
 * How much of the heap it takes to read and check a document, from above: each array or object, each element, each
 * member, each string. A heap that runs full ends the process without a word, after minutes of collecting garbage.
 */
const cost = new Uint16Array(256);
for (const [characters, bytes] of [
  ['[{', 64],
  [',', 24],
  // Two of them make a string.
  ['"', 16],
  // A member of an object with many different ones: its place in a table that has just doubled, its name, its number,
  // and the pair that the check of `parameters` makes of it.
  [':', 256],
] as const) {
  for (const character of characters) cost[character.charCodeAt(0)] = bytes;
}

const quote = 0x22;
const backslash = 0x5c;
const u = 0x75;
/** The first byte of the characters that do not fit into one byte in memory. */
const wide = 0xc4;

export function memoryNeed(bytes: Uint8Array): number {
  let tokens = 0;
  let inStrings = 0;
  let width = 1;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte >= wide) width = 2;
    if (byte === quote) {
      inString = !inString;
      tokens += cost[quote] ?? 0;
    } else if (!inString) {
      tokens += cost[byte] ?? 0;
    } else {
      inStrings += 1;
      if (byte === backslash) {
        index += 1;
        inStrings += 1;
        if (bytes[index] === u) width = 2;
      }
    }
  }
  // One such character widens the whole text, and every string may have one. The strings are copied from the text.
  return (bytes.length + inStrings) * width + tokens;
}
