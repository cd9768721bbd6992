/**
 * How much of the heap `JSON.parse` takes, from above: each array or object, each element, each string. A heap that
 * runs full ends the process without a word, after minutes of collecting garbage.
 */
const cost = new Uint8Array(256);
for (const [characters, bytes] of [
  ['[{', 64],
  [',', 24],
  // Two of them make a string.
  ['"', 16],
] as const) {
  for (const character of characters) cost[character.charCodeAt(0)] = bytes;
}

export function memoryNeed(bytes: Uint8Array): number {
  // The text itself, as characters of one byte; others make it larger and its elements fewer.
  let need = bytes.length;
  for (let index = 0; index < bytes.length; index += 1) need += cost[bytes[index] ?? 0] ?? 0;
  return need;
}
