import { show } from '../../src/base/quote.js';

/** Object stores take keys of at most 1,024 bytes. */
const longestKey = 1024;

/** The name as text, or undefined where its bytes are no UTF-8. */
export function decodeName(name: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return undefined;
  }
}

/** Why a path cannot be published below `destination`, or undefined. Completes "whose name …". */
export function outputNameProblem(path: string, destination: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // `show` changes what cannot be seen, and cuts what is long.
  if (show(name.slice(0, 255)) !== name.slice(0, 255)) return 'holds a control character or one that cannot be seen';
  if (Buffer.byteLength(destination) + Buffer.byteLength(path) > longestKey)
    return `is longer than an object's key may be (${String(longestKey)} bytes with its folder)`;
  return undefined;
}
