import type { Accelerator } from '../json/accelerator.js';
import { base, deepest, elements, opened, shallowest, uneven, type DataState } from '../json/data-state.js';
import { elementClasses, elementNull, elementObject } from '../json/element-class.js';
import { convertible, datatypeNames, datatypes, elementWords, findDatatype, fits, noElement, outOfRange } from './datatype.js';
import type { Report } from './report.js';
import { createShape, type Shape } from './shape.js';
import type { Spot } from './violation.js';

/**
 * The tensor that is being read. Its members come in any order: what is known of the elements when the datatype comes is
 * how many there are of each class and where the first of them is.
 */
export interface Tensor {
  readonly shape: Shape;
  /** By class of element: 1 where {@link element} is to be told. */
  readonly wanted: Uint8Array;
  begin(): void;
  /** A dimension of the shape; it must be an integer. */
  dimension(numberClass: number, bytes: Uint8Array, start: number, end: number): void;
  datatype(text: Uint8Array, start: number, end: number): void;
  /** Place in `datatypes`, -1 where it is unknown or has not come yet. */
  datatypeIndex(): number;
  /** The outermost array of the data begins. */
  beginData(): void;
  element(elementClass: number): void;
  /** The tensor ends; what is known of its elements is still in the state. */
  end(): void;
}

/** Which elements are told: all; those that do not fit a datatype; of an unknown datatype what no datatype has. */
const everything = new Uint8Array(elementClasses).fill(1);
const problematic = datatypes.map(({ problems }) => problems.map((problem) => (problem === fits ? 0 : 1)));
const noElements = everything.map((_, index) => (index === elementNull || index === elementObject ? 1 : 0));

/** What is said of the elements of a class when the tensor has ended. */
interface First extends Spot {
  readonly times: number;
}

/** Of one tensor after another; what does not fit is told to the report. */
export function createTensor({ numbers, lengths }: DataState, report: Report, accelerator?: Accelerator): Tensor {
  const shape = createShape();
  const wanted = new Uint8Array(elementClasses);
  const tally = new Float64Array(elementClasses);
  const firsts = new Map<number, Spot>();
  let datatype = -1;
  let hasDatatype = false;
  let isTallied = false;
  let data: Spot | undefined;
  const tellElement = (elementClass: number, { times, ...spot }: First): void => {
    const type = datatypes[datatype];
    const problem = elementClass === elementNull || elementClass === elementObject ? noElement : (type?.problems[elementClass] ?? fits);
    if (problem === fits) return;
    const words = elementWords(elementClass);
    if (problem === noElement) {
      report.add('E-NULL-ELEMENT', () => `an element must be a number, a string or a boolean; found ${words}`, spot, times);
    } else if (problem === outOfRange) {
      report.add('E-RANGE', () => `${type?.name ?? ''} takes ${type?.takes ?? ''}; found a number out of range`, spot, times);
    } else {
      report.coercion(problem === convertible, () => `${type?.name ?? ''} takes ${type?.takes ?? ''}; found ${words}`, spot, times);
    }
  };

  /** Whether the arrays are nested otherwise than the shape says; one flat array always may be. */
  const isRagged = (): boolean => {
    const depth = numbers[base] ?? 0;
    const innermostArray = numbers[opened] ?? 0;
    if (innermostArray === depth) return false;
    if (numbers[uneven] === 1) return true;
    const innermost = depth + shape.rank() - 1;
    if ((numbers[elements] ?? 0) > 0 && (numbers[shallowest] !== innermost || numbers[deepest] !== innermost)) return true;
    for (let level = 0; depth + level <= innermostArray; level += 1) {
      if (lengths[depth + level] !== shape.dimension(level)) return true;
    }
    return false;
  };

  const judgeCount = (at: Spot): void => {
    const expected = shape.elements();
    const actual = numbers[elements] ?? 0;
    if (actual !== expected) {
      const count = Number.isSafeInteger(expected) ? String(expected) : `more than ${String(Number.MAX_SAFE_INTEGER)}`;
      report.add('E-COUNT', () => `the number of elements does not match "shape". Expected: ${count} values; Actual: ${String(actual)} values`, at);
    } else if (isRagged()) {
      report.add('C-RAGGED', () => 'the arrays are nested differently from "shape"; nest them as it says, or give one flat array', at);
    }
  };

  return {
    shape,
    wanted,
    begin: () => {
      datatype = -1;
      hasDatatype = false;
      isTallied = false;
      data = undefined;
      shape.spoil();
    },
    dimension: (...number) => {
      const problem = shape.add(...number);
      if (problem === 'negative') report.add('E-SHAPE-NEG', () => 'a dimension must not be negative');
      else if (problem !== undefined) report.add('E-SHAPE-RANGE', () => 'a dimension must be at most 18446744073709551615');
    },
    datatype: (text, start, end) => {
      hasDatatype = true;
      datatype = findDatatype(text, start, end);
      const name = datatypes[datatype]?.name;
      if (name === undefined) report.add('E-DATATYPE', () => `not a datatype; there are ${datatypeNames.join(', ')}`);
      else if (name === 'FP16') report.add('W-FP16-JSON', () => 'servers do not take FP16 in JSON');
      else if (name === 'BF16')
        report.add('W-BF16', () => "servers do not take BF16 in JSON, and it is missing from the protocol's table of datatypes");
    },
    datatypeIndex: () => datatype,
    beginData: () => {
      // Asked for when the tensor ends, and with it the value that is being read.
      const { offset, line, pointer } = report.now();
      data = { offset, line, pointer: () => `${pointer()}/data` };
      isTallied = !hasDatatype;
      if (isTallied) {
        tally.fill(0);
        firsts.clear();
      }
      accelerator?.setDatatype(isTallied ? -1 : datatype);
      wanted.set(isTallied ? everything : (problematic[datatype] ?? noElements));
    },
    element: (elementClass) => {
      if (!isTallied) {
        tellElement(elementClass, { ...report.now(), times: 1 });
        return;
      }
      tally[elementClass] = (tally[elementClass] ?? 0) + 1;
      if (!firsts.has(elementClass)) firsts.set(elementClass, report.here());
    },
    end: () => {
      if (data === undefined) return;
      if (isTallied) for (const [elementClass, spot] of firsts) tellElement(elementClass, { ...spot, times: tally[elementClass] ?? 0 });
      if (shape.isKnown()) judgeCount(data);
    },
  };
}
