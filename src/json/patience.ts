/** Whether an attempt is worth its time: where several in a row came to nothing, more and more of the next ones are left out. */
export interface Patience {
  mayTry(): boolean;
  tell(hasSucceeded: boolean): void;
}

const mostLeftOut = 64;

/** Tries always at first. */
export function createPatience(): Patience {
  let failures = 0;
  let leftOut = 0;
  return {
    mayTry: () => {
      if (leftOut === 0) return true;
      leftOut -= 1;
      return false;
    },
    tell: (hasSucceeded) => {
      failures = hasSucceeded ? 0 : failures + 1;
      // The first two may be one that the end of a piece cuts.
      leftOut = failures < 3 ? 0 : Math.min(2 ** (failures - 3), mostLeftOut);
    },
  };
}
