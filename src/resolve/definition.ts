import type { Place } from '../diagnostics/diagnostic.js';
import type { Holes } from '../input/holes.js';
import type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from '../input/generated/types.js';

/** A spec of the shape that its schema wants, as its author wrote it, with the place of its first line: `spec` of a document or a construct. */
export interface Definition<Spec> {
  readonly name: string;
  readonly spec: Spec;
  readonly place: Place;
  /** What of the document was not understood: there the author wrote something else, or may have. @default - nothing */
  readonly holes?: Holes;
}

export type PlatformDefinition = Definition<PlatformSpec>;
export type TeamDefinition = Definition<TeamSpec>;
export type ServiceDefinition = Definition<InferenceServiceSpec>;

export interface ConnectionDefinition extends Definition<ConnectionSpec> {
  /** The team that owns it; undefined: the platform. */
  readonly team: string | undefined;
}

/** A value with the place it is declared at. */
export interface Declared<T> {
  readonly value: T;
  readonly place: Place;
}
