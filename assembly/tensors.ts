// A whole tensor in one go, where it is written as most programs write it: its four members in the protocol's order, no
// white space between them. In a file of many small tensors it is these parts that take the time.
import { setDatatype } from './limits';
import { readNumbers } from './numbers';
import { DEPTH, ELEMENTS, EXPECTED, NAME_END, NAME_START, OPENED, VALUE, beginTensor, getNumber, isNestedAs, setNumber } from './state';
import { skipPlain } from './texts';

/** `{"name":` */
const NAME_FIRST: u64 = 0x3a22656d616e227b;
/** `"name":"` */
const NAME_LAST: u64 = 0x223a22656d616e22;
/** `","shape` */
const SHAPE_FIRST: u64 = 0x6570616873222c22;
/** `shape":[` */
const SHAPE_LAST: u64 = 0x5b3a226570616873;
/** `],"datat` */
const DATATYPE_FIRST: u64 = 0x7461746164222c5d;
/** `atype":"` */
const DATATYPE_LAST: u64 = 0x223a226570797461;
/** `","data"` */
const DATA_FIRST: u64 = 0x2261746164222c22;
/** `"data":[` */
const DATA_LAST: u64 = 0x5b3a226174616422;

const mostDimensions: i32 = 8;
/** Of larger ones the parts do not matter, and where one is not right it is read twice. */
const largest: usize = 8192;
/** Longer ones are left to the scanner, and so are those with an escape. */
const longestName: usize = 256;

/** Behind the eight bytes, and those that overlap them at the end of the text; 0 where it is another text. */
// @ts-ignore: decorator
@inline
function behind(at: usize, first: u64, last: u64, length: usize): usize {
  return load<u64>(at) == first && load<u64>(at + length - 8) == last ? at + length : 0;
}

/** Datatypes of numbers by their text behind the opening quotation mark; -1 for what is left to the scanner. */
function datatypeAt(at: usize): i32 {
  const text = load<u64>(at);
  const four = <u32>text;
  const three = four & 0xffffff;
  if (four == 0x544e4955) return bitsAt(text >> 32, 1);
  if (three == 0x544e49) return bitsAt(text >> 24, 5);
  if (four == 0x32335046) return 10;
  return four == 0x34365046 ? 11 : -1;
}

/** The place of the type with as many bits as the text says, where `first` has 8. */
function bitsAt(text: u64, first: i32): i32 {
  const two = <u32>text & 0xffff;
  if ((two & 0xff) == 0x38) return first;
  if (two == 0x3631) return first + 1;
  if (two == 0x3233) return first + 2;
  return two == 0x3436 ? first + 3 : -1;
}

/** Length of the name of a datatype that `datatypeAt` gave. */
function datatypeLength(datatype: i32): usize {
  if (datatype >= 10) return 4;
  return (datatype <= 4 ? 5 : 4) + (datatype == 1 || datatype == 5 ? 0 : 1);
}

/**
 * Reads the tensor that begins here and would be open at this depth. Gives the place behind it, or 0 where it is not at
 * hand as a whole, not written so, or not right. The place of its name is in the state then.
 */
export function readTensor(start: usize, end: usize, depth: i32): usize {
  const stop = min(end, start + largest);
  let at = behind(start, NAME_FIRST, NAME_LAST, 9);
  if (at == 0) return 0;
  const name = at;
  at = skipPlain(at, min(name + longestName, stop));
  const nameEnd = at;
  at = behind(at, SHAPE_FIRST, SHAPE_LAST, 11);
  if (at == 0) return 0;

  let rank = 0;
  let product: f64 = 1;
  const dimensions = at;
  for (; ; rank++) {
    if (rank == mostDimensions) return 0;
    const first = at;
    let value = 0;
    while (at < first + 9 && <u8>(load<u8>(at) - 0x30) < 10) {
      value = value * 10 + <i32>(load<u8>(at) - 0x30);
      at += 1;
    }
    if (value == 0 || load<u8>(first) == 0x30) return 0;
    product *= <f64>value;
    const next = load<u8>(at);
    if (next == 0x5d) break;
    if (next != 0x2c) return 0;
    at += 1;
  }
  at = behind(at, DATATYPE_FIRST, DATATYPE_LAST, 14);
  if (at == 0) return 0;
  const datatype = datatypeAt(at);
  if (datatype < 0) return 0;
  at = behind(at + datatypeLength(datatype), DATA_FIRST, DATA_LAST, 10);
  if (at == 0) return 0;

  // What is behind the bytes at hand may look the same.
  if (at > stop) return 0;
  setDatatype(datatype);
  beginTensor(depth + 1);
  at = readNumbers(at, stop);
  if (at + 2 > stop || load<u16>(at) != 0x7d5d || getNumber(EXPECTED) == VALUE || getNumber(DEPTH) != depth + 1) return 0;
  if (<f64>getNumber(ELEMENTS) != product) return 0;
  if (getNumber(OPENED) != depth + 1 && !isNestedAs(dimensions, rank + 1)) return 0;
  setNumber(NAME_START, <i32>name);
  setNumber(NAME_END, <i32>nameEnd);
  return at + 2;
}
