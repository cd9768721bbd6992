// Objects of the protocol, member by member, as JSON writes them: any order, any white space.
import { lines, setLines } from './state';
import { skipPlain } from './texts';

/** Longer texts are left to the scanner, and so are those with an escape or with other letters than those of ASCII. */
const longest: usize = 256;

/** Behind the white space. */
// @ts-ignore: decorator
@inline
export function skipBlanks(at: usize): usize {
  return load<u8>(at) > 0x20 ? at : behindBlanks(at);
}

function behindBlanks(at: usize): usize {
  while (true) {
    const byte = load<u8>(at);
    if (byte == 0x0a) setLines(lines + 1);
    else if (byte != 0x20 && byte != 0x0d && byte != 0x09) return at;
    at += 1;
  }
}

/** Behind the colon that follows a key; 0 where there is none. */
// @ts-ignore: decorator
@inline
export function valueAt(behindKey: usize): usize {
  const at = skipBlanks(behindKey);
  return load<u8>(at) == 0x3a ? skipBlanks(at + 1) : 0;
}

/** Place of the closing quotation mark of a plain text, whose opening one is here; 0 where it is something else. */
// @ts-ignore: decorator
@inline
export function textEnd(at: usize, stop: usize): usize {
  if (load<u8>(at) != 0x22) return 0;
  const end = skipPlain(at + 1, min(at + longest, stop));
  return load<u8>(end) == 0x22 ? end : 0;
}
