import { numberClasses } from './number-class.js';

/** Classes of tensor elements: first the numbers', then the same numbers as text in quotation marks, then the rest. */
export const quoted = numberClasses;
export const elementTrue = 2 * numberClasses;
export const elementFalse = elementTrue + 1;
export const elementNull = elementTrue + 2;
export const elementObject = elementTrue + 3;
/** A string that is no number. */
export const elementText = elementTrue + 4;
export const elementClasses = elementTrue + 5;
