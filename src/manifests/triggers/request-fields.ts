/** What the rules of all fields of a request share. */
import * as cel from '../../cel/cel.js';

/** A field of the job that a request asks for: `job('dataSource', 'path')` is `spec.dataSource.path`. */
export const job = (...fields: readonly string[]): cel.Cel<'dyn'> => cel.body('spec', ...fields);

/** "It is not there, or it is right." */
export const optionally = (field: cel.Cel<'dyn'>, isRight: cel.Cel<'bool'>): cel.Cel<'bool'> => cel.or(cel.not(cel.has(field)), isRight);

/** A value that a run gets, by the name of its param; the default is repeated in the TriggerTemplate. */
export interface TemplateParam {
  readonly name: string;
  readonly expression: cel.Cel<'string' | 'dyn'>;
  readonly default: string;
}

/** What a service lets a request say in some of its fields. */
export interface FieldRules {
  /** Keys of `spec` that are allowed. */
  readonly keys: readonly string[];
  readonly rules: readonly cel.Cel<'bool'>[];
  /** Values that only runs of this service get: its own Trigger binds them. */
  readonly params: readonly TemplateParam[];
}

export const noRules: FieldRules = { keys: [], rules: [], params: [] };
