import type { Accelerator } from './accelerator.js';
import { idEnd, idStart, taken, type DataState } from './data-state.js';
import { noWhole, wholeRequest, wholeTensor, type JsonHandler } from './json-handler.js';
import { createPatience } from './patience.js';

/** In place of where reading goes on: the object is left until more of it is at hand. */
export const isLeft = -1;

/** Reads objects that the accelerator knows as wholes, rather than part by part. */
export interface Wholes {
  /**
   * Reads on from the object that begins at `at`, inside of `depth` open values. Gives the place behind the objects that
   * were read, whose number is in the state; `at` where the object must be read part by part; `isLeft` where it may be left and is cut.
   */
  read(bytes: Uint8Array, at: number, stop: number, depth: number, mayLeave: boolean): number;
}

/** @param handler is told of what was read, and says which wholes are of use at the place that is read */
export function createWholes(by: Accelerator, handler: JsonHandler, { numbers }: DataState): Wholes {
  const patienceForTensors = createPatience();
  const patienceForDocuments = createPatience();
  return {
    read: (bytes, at, stop, depth, mayLeave) => {
      const whole = handler.whole();
      const patience = whole === wholeTensor ? patienceForTensors : patienceForDocuments;
      if (whole === noWhole || !patience.mayTry()) return at;
      const next =
        whole === wholeTensor
          ? by.readTensors(bytes, at, stop, depth)
          : by.readDocuments(bytes, at, stop, depth, { isRequest: whole === wholeRequest, isList: depth > 0 && handler.takesMany });
      if (next === at && mayLeave) return isLeft;
      patience.tell(next > at);
      if (next === at) return at;
      const count = numbers[taken] ?? 0;
      if (whole === wholeTensor) handler.tensors(count);
      else if (!handler.documents(count, bytes, numbers[idStart] ?? 0, numbers[idEnd] ?? 0)) return at;
      return next;
    },
  };
}
