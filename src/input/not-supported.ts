import type { Kind } from './kinds.js';

/**
 * Fields that the schemas know and this version refuses (`input/not-supported-yet`): what they ask for comes later.
 * This is the only list of them; the generated types leave them out, and a test holds each entry against its schema.
 */
export interface NotSupported {
  readonly kind: Kind;
  /** Keys from the document's root; `*` is every item of a list. */
  readonly path: string;
  /** What the author can do meanwhile, beside removing it. */
  readonly meanwhile?: string;
}

export const notSupported: readonly NotSupported[] = [{ kind: 'Platform', path: 'spec.teams.*.enforcement' }];
