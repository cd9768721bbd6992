import { diagnose } from '../diagnostics/diagnose.js';
import type { Place, Result } from '../diagnostics/diagnostic.js';
import type { SourceFile } from './source.js';

const replacement = '\ufffd';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a file: strict UTF-8 without a byte order mark, so that bytes and text stand for each other. */
export function decodeSource(path: string, bytes: Uint8Array): Result<SourceFile> {
  const whole: Place = { file: path, path: [] };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return [undefined, [diagnose('source/byte-order-mark', whole, {})]];
  const text = decode(bytes);
  if (text !== undefined) return [{ path, text }, []];
  const offset = firstBadByte(bytes);
  let line = 1;
  for (const byte of bytes.subarray(0, offset)) if (byte === 0x0a) line += 1;
  return [undefined, [diagnose('source/not-utf8', whole, { offset, line })]];
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where the first sequence starts that is no character. */
function firstBadByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  for (let at = lenient.indexOf(replacement); at >= 0; at = lenient.indexOf(replacement, at + 1)) {
    const offset = encoder.encode(lenient.slice(0, at)).length;
    // The file may hold the replacement character itself.
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
  }
  return bytes.length;
}
