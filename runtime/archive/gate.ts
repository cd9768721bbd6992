/** Joins work that waits for one another: when one part fails, every other one that waits fails with the same error. */
export interface Gate {
  fail(error: unknown): void;
  /** `promise`, or the failure if that comes first. */
  guard<T>(promise: Promise<T>): Promise<T>;
}

/** Open until something fails. */
export function createGate(): Gate {
  let failure: { readonly error: unknown } | undefined;
  // Not `Promise.race`: it would keep every promise of a long transfer until the end.
  const waiting = new Set<(error: unknown) => void>();
  return {
    fail: (error) => {
      failure ??= { error };
      for (const reject of waiting) reject(failure.error);
      waiting.clear();
    },
    guard: (promise) =>
      new Promise((resolve, reject) => {
        // Even where nobody waits for it any more, its failure is nobody's surprise.
        void promise.catch(() => undefined);
        if (failure) {
          reject(failure.error as Error);
          return;
        }
        waiting.add(reject);
        promise.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
  };
}
