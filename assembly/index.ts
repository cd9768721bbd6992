// The kernel of the validator: reads the elements of tensors, and small tensors and documents as wholes. It knows only what
// is right; everything else, and what it does not know, it leaves to the scanner (src/json/), which says what is wrong and
// where.
import { readDocuments } from './documents';
import { isText, isWord, setDatatype } from './limits';
import { readNumbers } from './numbers';
import { enter, leave } from './state';
import { readTensors } from './tensors';
import { readTexts, skipPlain } from './texts';

export { readDocuments, readTensors, setDatatype, skipPlain };

/**
 * Reads elements of the datatype that was set, with their brackets and commas. Gives the place up to which all is right: from there
 * the scanner reads on.
 */
export function readElements(start: usize, stop: usize): usize {
  enter();
  const at = isText || isWord ? readTexts(start, stop, isWord) : readNumbers(start, stop);
  leave();
  return at;
}
