// The kernel of the validator: reads the elements of tensors. It knows only what is right; everything else, and what it
// does not know, it leaves to the scanner (src/json/), which says what is wrong and where.
import { isText, isWord, setDatatype } from './limits';
import { readNumbers } from './numbers';
import { readTensor } from './tensors';
import { readTexts, skipPlain } from './texts';

export { readTensor, setDatatype, skipPlain };

export function readElements(start: usize, stop: usize): usize {
  return isText || isWord ? readTexts(start, stop, isWord) : readNumbers(start, stop);
}
