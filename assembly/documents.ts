// Whole requests and responses in one go, where they have the usual members only; the others are left to the scanner.
import { skipBlanks, textEnd, valueAt } from './members';
import { clearNames } from './names';
import { addNumber, ID_END, ID_START, LINE, lines, setLines, setNumber, TAKEN } from './state';
import { readList } from './tensors';

/** `"id"`, `"inputs"`, `"outputs`, `"model_n`, `"model_v`, as the first bytes of a key. */
const ID: u64 = 0x22646922;
const INPUTS: u64 = 0x22737475706e6922;
const OUTPUTS: u64 = 0x7374757074756f22;
const MODEL_NAME: u64 = 0x6e5f6c65646f6d22;
const MODEL_VERSION: u64 = 0x765f6c65646f6d22;
/** `ame"`, `ersion"`: the last eight bytes of the keys. */
const NAME_END: u64 = 0x22656d616e5f6c65;
const VERSION_END: u64 = 0x226e6f6973726576;

/** Of larger documents only the tensors are read in one go. */
const largest: usize = 32_768;

let idStart: usize = 0;
let idEnd: usize = 0;

/** Behind the list of tensors that begins here; 0 where one of them is left to the scanner. */
function readTensorList(start: usize, stop: usize, depth: i32): usize {
  if (load<u8>(start) != 0x5b) return 0;
  clearNames();
  const first = skipBlanks(start + 1);
  const end = readList(first, stop, depth);
  const at = skipBlanks(end);
  return end != first && load<u8>(at) == 0x5d ? at + 1 : 0;
}

/** Reads the document that begins here and would be open at this depth; gives the place behind it, or 0. */
function readDocument(start: usize, end: usize, depth: i32, isRequest: bool): usize {
  const stop = min(end, start + largest);
  let at = start;
  let hasList = false;
  let hasName = isRequest;
  let hasVersion = isRequest;
  idEnd = 0;
  do {
    at = skipBlanks(at + 1);
    const key = load<u64>(at);
    if ((key & 0xffffffff) == ID && idEnd == 0) {
      at = valueAt(at + 4);
      idStart = at + 1;
      idEnd = textEnd(at, stop);
      if (idEnd == 0) return 0;
      at = idEnd + 1;
    } else if (!hasList && (isRequest ? key == INPUTS : key == OUTPUTS && load<u8>(at, 8) == 0x22)) {
      hasList = true;
      at = readTensorList(valueAt(at + (isRequest ? 8 : 9)), stop, depth + 3);
    } else if (!hasName && key == MODEL_NAME && load<u64>(at, 4) == NAME_END) {
      hasName = true;
      at = textEnd(valueAt(at + 12), stop);
      if (at != 0) at += 1;
    } else if (!hasVersion && key == MODEL_VERSION && load<u64>(at, 7) == VERSION_END) {
      hasVersion = true;
      at = textEnd(valueAt(at + 15), stop);
      if (at != 0) at += 1;
    } else {
      return 0;
    }
    if (at == 0 || at >= stop) return 0;
    at = skipBlanks(at);
  } while (load<u8>(at) == 0x2c);
  return load<u8>(at) == 0x7d && at < stop && hasList && hasName ? at + 1 : 0;
}

/**
 * Reads documents from the one that begins here on: one, or with commas between them as many as are at hand. Gives the place
 * behind the last one that is taken, or `start`.
 */
export function readDocuments(start: usize, stop: usize, depth: i32, isRequest: bool, isList: bool): usize {
  let end = start;
  let at = start;
  let ended = 0;
  let count = 0;
  setLines(0);
  setNumber(ID_END, 0);
  while (load<u8>(at) == 0x7b) {
    at = readDocument(at, stop, depth + 1, isRequest);
    if (at == 0) break;
    count += 1;
    end = at;
    ended = lines;
    setNumber(ID_START, <i32>idStart);
    setNumber(ID_END, <i32>idEnd);
    if (!isList) break;
    at = skipBlanks(at);
    if (load<u8>(at) != 0x2c) break;
    at = skipBlanks(at + 1);
  }
  addNumber(LINE, ended);
  setNumber(TAKEN, count);
  return end;
}
