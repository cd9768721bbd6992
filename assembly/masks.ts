// Masks of 64 bits: one for each class of 64 bytes, and what is told from them.

/** One mask of four comparisons: bit n is byte n of the 64. */
// @ts-ignore: decorator
@inline
export function join(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16)) | (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32)
  );
}

/** Which bytes are that of `wanted`. */
// @ts-ignore: decorator
@inline
export function same(a: v128, b: v128, c: v128, d: v128, wanted: v128): u64 {
  return join(i8x16.eq(a, wanted), i8x16.eq(b, wanted), i8x16.eq(c, wanted), i8x16.eq(d, wanted));
}

/** Which bytes are digits. */
// @ts-ignore: decorator
@inline
export function digitsOf(a: v128, b: v128, c: v128, d: v128, zeros: v128, nines: v128): u64 {
  return join(
    i8x16.le_u(i8x16.sub(a, zeros), nines),
    i8x16.le_u(i8x16.sub(b, zeros), nines),
    i8x16.le_u(i8x16.sub(c, zeros), nines),
    i8x16.le_u(i8x16.sub(d, zeros), nines),
  );
}

/** Which bytes are this byte. */
// @ts-ignore: decorator
@inline
export function equal(a: v128, b: v128, c: v128, d: v128, byte: i32): u64 {
  return same(a, b, c, d, i8x16.splat(<i8>byte));
}

/** Which bytes are greater than this one; as signed numbers, so none that is not ASCII. */
// @ts-ignore: decorator
@inline
export function above(a: v128, b: v128, c: v128, d: v128, byte: i32): u64 {
  const most = i8x16.splat(<i8>byte);
  return join(i8x16.gt_s(a, most), i8x16.gt_s(b, most), i8x16.gt_s(c, most), i8x16.gt_s(d, most));
}

/** Bits below `count`. */
// @ts-ignore: decorator
@inline
export function low(count: i32): u64 {
  return count >= 64 ? u64.MAX_VALUE : ((<u64>1) << (<u64>count)) - 1;
}

/** Where the token behind each of the ends comes, with white space between. */
// @ts-ignore: decorator
@inline
export function following(ends: u64, first: u64, blanks: u64): u64 {
  const next = (ends << 1) | first;
  const inBlanks = next & blanks;
  return inBlanks == 0 ? next : (next & ~blanks) | ((blanks + inBlanks) & ~blanks);
}

/** From each odd bit that is set up to the next one, which is not among them: what is between quotation marks, with the first of two. */
// @ts-ignore: decorator
@inline
export function between(marks: u64): u64 {
  marks ^= marks << 1;
  marks ^= marks << 2;
  marks ^= marks << 4;
  marks ^= marks << 8;
  marks ^= marks << 16;
  return marks ^ (marks << 32);
}

/** First digits of runs of at least `length` digits, 3 to 20. */
export function runs(digit: u64, length: i32): u64 {
  let run = digit;
  let have = 1;
  while (have * 2 <= length) {
    run &= run >> have;
    have *= 2;
  }
  return length > have ? run & (run >> (length - have)) : run;
}
