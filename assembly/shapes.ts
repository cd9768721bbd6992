// The shape of a tensor: a few whole numbers that are not zero. Others are left to the scanner.
import { skipBlanks } from './members';

const mostDimensions: i32 = 8;
/** 32 bits each. */
export const dimensions: usize = memory.data(mostDimensions * 4, 8);
export let rank: i32 = 0;
/** Not exact where it is larger than any count of elements. */
export let product: f64 = 1;

/** Behind the array that begins here; 0 where it is something else. */
export function readShape(start: usize): usize {
  if (load<u8>(start) != 0x5b) return 0;
  rank = 0;
  product = 1;
  let at = start;
  do {
    const first = skipBlanks(at + 1);
    at = first;
    let value = 0;
    while (at < first + 9 && <u8>(load<u8>(at) - 0x30) < 10) {
      value = value * 10 + <i32>(load<u8>(at) - 0x30);
      at += 1;
    }
    if (value == 0 || load<u8>(first) == 0x30 || rank == mostDimensions) return 0;
    store<i32>(dimensions + ((<usize>rank) << 2), value);
    rank += 1;
    product *= <f64>value;
    at = skipBlanks(at);
  } while (load<u8>(at) == 0x2c);
  return load<u8>(at) == 0x5d ? at + 1 : 0;
}
