// Bytes sixteen times each, in memory: loaded before a loop, because V8 would make a constant anew in each of its turns.

const repeated = memory.data<u64>([
  0x3030303030303030, 0x3030303030303030, 0x0909090909090909, 0x0909090909090909, 0x2c2c2c2c2c2c2c2c, 0x2c2c2c2c2c2c2c2c,
  0x2d2d2d2d2d2d2d2d, 0x2d2d2d2d2d2d2d2d, 0x2e2e2e2e2e2e2e2e, 0x2e2e2e2e2e2e2e2e, 0x2222222222222222, 0x2222222222222222,
  0x5c5c5c5c5c5c5c5c, 0x5c5c5c5c5c5c5c5c, 0x2020202020202020, 0x2020202020202020,
]);

/** Places of `0`, 9, `,`, `-`, `.`, the quotation mark, the backslash and the space. */
export const ZERO: usize = repeated;
export const NINE: usize = repeated + 16;
export const COMMA: usize = repeated + 32;
export const MINUS: usize = repeated + 48;
export const DOT: usize = repeated + 64;
export const QUOTE: usize = repeated + 80;
export const BACKSLASH: usize = repeated + 96;
export const SPACE: usize = repeated + 112;
