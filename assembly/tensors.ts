// Whole tensors in one go: in a file of many small tensors it is their members that take the time, not their elements. A
// tensor of which anything is unusual, wrong or not at hand is left to the scanner from its first byte.
import { BOOL, BYTES, FP32, FP64, INT8, UINT8, isText, isWord, setDatatype } from './limits';
import { skipBlanks, textEnd, valueAt } from './members';
import { addName } from './names';
import { readFlat, readNumbers } from './numbers';
import { dimensions, product, rank, readShape } from './shapes';
import { addNumber, beginTensor, COMMA_OR_END, elements, isNestedAs, LINE, lines, mayEnd, setLines, setNumber, stopAt, TAKEN, VALUE } from './state';
import { readTexts } from './texts';

/** `"name"`, `"data"`, `"shape"`, `"datatyp`, as the first bytes of a key. */
const NAME: u64 = 0x22656d616e22;
const DATA: u64 = 0x226174616422;
const SHAPE: u64 = 0x22657061687322;
const DATATYPE: u64 = 0x7079746174616422;
const six: u64 = 0xffffffffffff;
const seven: u64 = 0xffffffffffffff;

/** Of larger tensors the members do not matter, and where one is not right it is read twice. */
const largest: usize = 32_768;

/** The datatype by its text behind the opening quotation mark; -1 for what is left to the scanner. */
function datatypeAt(at: usize): i32 {
  const text = load<u64>(at);
  const four = <u32>text;
  if (four == 0x544e4955) return bitsAt(text >> 32, UINT8);
  if ((four & 0xffffff) == 0x544e49) return bitsAt(text >> 24, INT8);
  if ((text & 0xffffffffff) == 0x2232335046) return FP32;
  if ((text & 0xffffffffff) == 0x2234365046) return FP64;
  if ((text & six) == 0x225345545942) return BYTES;
  return (text & 0xffffffffff) == 0x224c4f4f42 ? BOOL : -1;
}

/** The datatype with as many bits as the text says, where `first` has 8. */
function bitsAt(text: u64, first: i32): i32 {
  if ((text & 0xffff) == 0x2238) return first;
  const three = text & 0xffffff;
  if (three == 0x223631) return first + 1;
  if (three == 0x223233) return first + 2;
  return three == 0x223436 ? first + 3 : -1;
}

/** Length of the name of a datatype, with its closing quotation mark. */
function lengthOf(datatype: i32): usize {
  if (datatype == BOOL || datatype == FP32 || datatype == FP64) return 5;
  if (datatype == BYTES || datatype == INT8) return datatype == BYTES ? 6 : 5;
  return datatype == UINT8 ? 6 : datatype < INT8 ? 7 : 6;
}

/** Behind the array of elements that begins here; 0 where it is something else. */
function readData(start: usize, stop: usize, datatype: i32, depth: i32): usize {
  if (load<u8>(start) != 0x5b) return 0;
  setDatatype(datatype);
  beginTensor(depth);
  let at = start + 1;
  if (isText || isWord) {
    at = readTexts(at, stop, isWord);
  } else {
    const first = at;
    at = readFlat(first, stop);
    if (at != first) stopAt(load<u8>(at - 1) == 0x2c ? VALUE : COMMA_OR_END, 0);
    if (load<u8>(at) != 0x5d) at = readNumbers(at, stop);
  }
  return load<u8>(at) == 0x5d && mayEnd() ? at + 1 : 0;
}

/** Behind the array of numbers that begins here and whose datatype comes later: where the next key or the end lets it be; or 0. */
function dataEnd(start: usize, stop: usize): usize {
  const quote = i8x16.splat(0x22);
  const brace = i8x16.splat(0x7d);
  let at = start;
  for (; at < stop; at += 16) {
    const bytes = v128.load(at);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, brace)));
    if (found != 0) {
      at += <usize>ctz(found);
      break;
    }
  }
  for (at -= 1; at > start && load<u8>(at) != 0x5d; at--) if (load<u8>(at) > 0x20 && load<u8>(at) != 0x2c) return 0;
  return at > start ? at + 1 : 0;
}

/** The name of the tensor that was read last. */
let nameStart: usize = 0;
let nameEnd: usize = 0;

/** Reads the tensor that begins here and whose data would be open at this depth; gives the place behind it, or 0. */
function readTensor(start: usize, end: usize, depth: i32): usize {
  if (load<u8>(start) != 0x7b) return 0;
  const stop = min(end, start + largest);
  let at = start;
  let datatype = -1;
  let data: usize = 0;
  let behindData: usize = 0;
  nameEnd = 0;
  let hasShape = false;
  do {
    at = skipBlanks(at + 1);
    const key = load<u64>(at);
    if ((key & six) == NAME && nameEnd == 0) {
      at = valueAt(at + 6);
      nameStart = at + 1;
      nameEnd = textEnd(at, stop);
      if (nameEnd == 0) return 0;
      at = nameEnd + 1;
    } else if ((key & seven) == SHAPE && !hasShape) {
      at = readShape(valueAt(at + 7));
      hasShape = true;
    } else if (key == DATATYPE && load<u16>(at, 8) == 0x2265 && datatype < 0) {
      at = valueAt(at + 10);
      if (load<u8>(at) != 0x22) return 0;
      datatype = datatypeAt(at + 1);
      if (datatype < 0) return 0;
      at += lengthOf(datatype) + 1;
    } else if ((key & six) == DATA && data == 0) {
      data = valueAt(at + 6);
      if (data == 0) return 0;
      at = datatype < 0 ? dataEnd(data, stop) : readData(data, stop, datatype, depth);
      if (datatype < 0) behindData = at;
    } else {
      return 0;
    }
    // What is behind the bytes at hand may look the same.
    if (at == 0 || at >= stop) return 0;
    at = skipBlanks(at);
  } while (load<u8>(at) == 0x2c);
  if (load<u8>(at) != 0x7d || at >= stop || nameEnd == 0 || !hasShape || datatype < 0 || data == 0) return 0;
  if (behindData != 0 && readData(data, stop, datatype, depth) != behindData) return 0;
  return <f64>elements == product && isNestedAs(dimensions, rank) ? at + 1 : 0;
}

/** How many tensors the last call of `readList` took. */
export let taken: i32 = 0;

/**
 * Reads tensors from the one that begins here on, with commas between them, and adds their names. Gives the place behind
 * the last one that is taken, or `start`; the lines up to there are in `lines`.
 */
export function readList(start: usize, stop: usize, depth: i32): usize {
  let end = start;
  let at = start;
  let ended = lines;
  taken = 0;
  while (true) {
    at = readTensor(at, stop, depth);
    if (at == 0 || !addName(nameStart, nameEnd)) break;
    taken += 1;
    end = at;
    ended = lines;
    at = skipBlanks(at);
    if (load<u8>(at) != 0x2c) break;
    at = skipBlanks(at + 1);
  }
  setLines(ended);
  return end;
}

/** The same for the scanner: a list is open at this depth. */
export function readTensors(start: usize, stop: usize, depth: i32): usize {
  setLines(0);
  const at = readList(start, stop, depth + 2);
  addNumber(LINE, lines);
  setNumber(TAKEN, taken);
  return at;
}
