import type { Severity } from './diagnostic.js';

/** One row of the catalogue. `A` is what a raise must give; a missing argument does not compile. */
export interface CatalogueEntry<A> {
  readonly severity: Severity;
  readonly message: (args: A) => string;
  readonly hint?: (args: A) => string | undefined;
}

/** An entry of the catalogue that keeps anything from being written. `hint` says what to do. */
export const error = <A = Record<never, never>>(message: (args: A) => string, hint?: (args: A) => string | undefined): CatalogueEntry<A> => ({
  severity: 'error',
  message,
  ...(hint ? { hint } : {}),
});

/** An entry of the catalogue that keeps nothing from being written. */
export const warning = <A = Record<never, never>>(message: (args: A) => string, hint?: (args: A) => string | undefined): CatalogueEntry<A> => ({
  ...error(message, hint),
  severity: 'warning',
});
