import type { Diagnostic, Path } from '../diagnostics/diagnostic.js';
import type { SchemaError } from './generated/validators.js';
import type { Schema } from './json-schema.js';
import { meantAt } from './meant.js';
import { mostShown, type Found } from './most-shown.js';
import { sizeProblem, unknownFieldProblem, missingFieldProblem } from './problems.fields.js';
import { nameProblem, textProblem, typeProblem, choiceProblem, rangeProblem } from './problems.values.js';
import { atValue, type Problem, type Subject } from './subject.js';

/** What the validator says beside the error that matters: a form of a union failed, a key failed. */
const echoes = new Set(['if', 'propertyNames']);

const translators: Readonly<Record<string, Problem>> = {
  required: missingFieldProblem,
  additionalProperties: unknownFieldProblem,
  type: typeProblem,
  enum: choiceProblem,
  const: choiceProblem,
  pattern: textProblem,
  minLength: textProblem,
  maxLength: textProblem,
  minimum: rangeProblem,
  maximum: rangeProblem,
  minItems: sizeProblem,
  maxItems: sizeProblem,
  minProperties: sizeProblem,
  maxProperties: sizeProblem,
};

/** A value that was checked against a schema, and where it stands. */
export interface Checked {
  readonly schema: Schema;
  readonly value: unknown;
  readonly file: string;
  /** Path of the value in its document. */
  readonly path: Path;
  /** A scalar without quotes as its author wrote it. @default - nothing is known of it: the value was given in code */
  readonly written?: (path: Path) => string | undefined;
}

/**
 * The validator's complaints in our own words and codes, each once; the author never hears of a keyword. No more than
 * are shown are put into words.
 */
export function problemsOf(errors: readonly SchemaError[], { schema, value, file, path, written = () => undefined }: Checked): Found {
  const found = new Map<string, Diagnostic>();
  const hidden: SchemaError[] = [];
  const subjectOf = ({ instancePath }: SchemaError): Subject => {
    const { path: inner, ...meant } = meantAt(schema, value, instancePath);
    return { ...meant, file, path: [...path, ...inner], root: path, written };
  };
  for (const error of errors) {
    if (echoes.has(error.keyword)) continue;
    if (found.size >= mostShown) {
      hidden.push(error);
      continue;
    }
    const translate = error.propertyName === undefined ? translators[error.keyword] : nameProblem;
    const subject = subjectOf(error);
    // A number that could not be kept has its problem already.
    const problem = Number.isNaN(subject.value) ? undefined : translate?.(subject, error);
    if (problem) found.set(identity(problem), problem);
  }
  const problems = [...found.values()];
  const [first] = hidden;
  return first ? { problems, more: { count: hidden.length, where: atValue(subjectOf(first)) } } : { problems };
}

/** Two rules for one text, or two missing fields of one form, make one problem. */
const identity = ({ code, where, message }: Diagnostic): string => JSON.stringify([code, where, message]);
