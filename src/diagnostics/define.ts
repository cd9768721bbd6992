import type { Severity } from './diagnostic.js';

/** One row of the catalogue. `A` is what a raise must give; a missing argument does not compile. */
export interface CatalogueEntry<A> {
  readonly severity: Severity;
  readonly message: (args: A) => string;
  readonly hint?: (args: A) => string | undefined;
}

export const error = <A = Record<never, never>>(message: (args: A) => string, hint?: (args: A) => string | undefined): CatalogueEntry<A> => ({
  severity: 'error',
  message,
  ...(hint ? { hint } : {}),
});

export const warning = <A = Record<never, never>>(message: (args: A) => string, hint?: (args: A) => string | undefined): CatalogueEntry<A> => ({
  ...error(message, hint),
  severity: 'warning',
});
