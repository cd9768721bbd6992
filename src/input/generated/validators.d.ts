import type {
  ConnectionDocument,
  ConnectionSpec as ConnectionSpecType,
  InferenceServiceDocument,
  InferenceServiceSpec as InferenceServiceSpecType,
  PlatformDocument,
  PlatformSpec as PlatformSpecType,
  TeamDocument,
  TeamSpec as TeamSpecType,
} from './types.js';

/** Types of validators.js, which scripts/validators.mjs compiles from the schemas. */
export interface SchemaError {
  /** JSON pointer to the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key that a rule for keys refused; `instancePath` is then the map that holds it. */
  readonly propertyName?: string;
}

export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly SchemaError[] | null;
}

export const Platform: Validator<PlatformDocument>;
export const PlatformSpec: Validator<PlatformSpecType>;
export const Team: Validator<TeamDocument>;
export const TeamSpec: Validator<TeamSpecType>;
export const Connection: Validator<ConnectionDocument>;
export const ConnectionSpec: Validator<ConnectionSpecType>;
export const InferenceService: Validator<InferenceServiceDocument>;
export const InferenceServiceSpec: Validator<InferenceServiceSpecType>;
