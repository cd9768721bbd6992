/**
 * A small typed builder for the CEL of Tekton Triggers (cel-go, without optional syntax and `cel.bind`).
 *
 * Expressions are made from data only, and {@link text} is the one place where a string of a user enters one. What the
 * real evaluator does with each form used here stands in the recordings (`test/recordings/cel.json`).
 */
import { assertInvariant } from '../base/assert.js';
import type { Pattern } from '../base/pattern.js';

declare const celBrand: unique symbol;

/** A CEL expression that yields a `T`. Only the functions of this file make one. */
export interface Cel<T extends CelType> {
  readonly source: string;
  /** Higher binds tighter; operands of lower precedence get parentheses. */
  readonly precedence: Precedence;
  readonly [celBrand]?: T;
}
export type CelType = 'bool' | 'string' | 'int' | 'map' | 'dyn';

const precedences = { conditional: 0, or: 1, and: 2, relation: 3, addition: 4, unary: 5, primary: 6 } as const;
type Precedence = keyof typeof precedences;

const make = <T extends CelType>(source: string, precedence: Precedence): Cel<T> => ({ source, precedence });

const operand = (expression: Cel<CelType>, atLeast: Precedence): string =>
  precedences[expression.precedence] < precedences[atLeast] ? `(${expression.source})` : expression.source;

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const printable = /^[\x20-\x7e]*$/;

/** A string literal. Names, paths and prefixes are printable ASCII by the input rules; anything else is our bug. */
export function text(value: string): Cel<'string'> {
  assertInvariant(printable.test(value), 'a string of a CEL expression must be printable ASCII');
  return make(`'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`, 'primary');
}

/** A field of the request's body, for example `body.spec.requestId`. */
export function body(...fields: readonly string[]): Cel<'dyn'> {
  for (const field of fields) assertInvariant(identifier.test(field), `${field} is no identifier of CEL`);
  return make(['body', ...fields].join('.'), 'primary');
}

/** The path of the request's URL, without its query. */
export const requestPath: Cel<'string'> = make('requestURL.parseURL().path', 'primary');

/**
 * A header that is compared in constant time with the key of a Secret in the listener's namespace. A header that is
 * missing reads as empty, which would be equal to an empty key.
 */
export function headerIsSecret(header: string, secretKey: string, secretName: string): Cel<'bool'> {
  const value = make<'string'>(`header.canonical(${text(header).source})`, 'primary');
  return and(not(equals(value, text(''))), make(`${value.source}.compareSecret(${text(secretKey).source}, ${text(secretName).source})`, 'primary'));
}

/** Whether a field is there (also with the value null). Its parent must be there. */
export const has = (field: Cel<'dyn'>): Cel<'bool'> => make(`has(${field.source})`, 'primary');

/** `!x` */
export const not = (expression: Cel<'bool'>): Cel<'bool'> => make(`!${operand(expression, 'primary')}`, 'unary');

/** All of them, at least one. One that is false makes it false, whatever error another one has. */
export const and = (...expressions: readonly Cel<'bool'>[]): Cel<'bool'> => join(expressions, ' && ', 'and');

/** Any of them, at least one. One that is true makes it true, whatever error another one has. */
export const or = (...expressions: readonly Cel<'bool'>[]): Cel<'bool'> => join(expressions, ' || ', 'or');

function join(expressions: readonly Cel<'bool'>[], operator: string, precedence: 'and' | 'or'): Cel<'bool'> {
  const [first] = expressions;
  assertInvariant(first !== undefined, 'a CEL conjunction or disjunction needs a member');
  return expressions.length === 1 ? first : make(expressions.map((each) => operand(each, precedence)).join(operator), precedence);
}

/** Whether a value is this text. */
export const equals = (left: Cel<CelType>, right: Cel<'string'>): Cel<'bool'> =>
  make(`${operand(left, 'addition')} == ${operand(right, 'addition')}`, 'relation');

/** Whether a value of a request is text; other methods of text fail on what is none. */
export const isString = (value: Cel<'dyn'>): Cel<'bool'> => make(`type(${value.source}) == string`, 'relation');
/** Whether a value of a request is an object. */
export const isMap = (value: Cel<'dyn'>): Cel<'bool'> => make(`type(${value.source}) == map`, 'relation');

/** Whether a map has no other keys than these. */
export const keysWithin = (value: Cel<'dyn'>, keys: readonly string[]): Cel<'bool'> =>
  make(`${operand(value, 'primary')}.all(k, k in [${keys.map((key) => text(key).source).join(', ')}])`, 'primary');

/** A pattern is anchored, and means the same to RE2 as to us. */
export const matches = (value: Cel<'dyn' | 'string'>, { source }: Pattern): Cel<'bool'> => call(value, 'matches', text(source));
/** An error where the value is no text. */
export const startsWith = (value: Cel<'dyn'>, prefix: string): Cel<'bool'> => call(value, 'startsWith', text(prefix));
/** An error where the value is no text. */
export const endsWith = (value: Cel<'dyn'>, suffix: string): Cel<'bool'> => call(value, 'endsWith', text(suffix));
/** An error where the value is no text. */
export const contains = (value: Cel<'dyn'>, part: string): Cel<'bool'> => call(value, 'contains', text(part));

const call = (value: Cel<'dyn' | 'string'>, method: string, argument: Cel<'string'>): Cel<'bool'> =>
  make(`${operand(value, 'primary')}.${method}(${argument.source})`, 'primary');

/** Whether a string has at most so many characters. */
export const sizeAtMost = (value: Cel<'dyn'>, limit: number): Cel<'bool'> =>
  make(`${operand(value, 'primary')}.size() <= ${String(limit)}`, 'relation');

/** `test ? then : otherwise`; only the one that is chosen is evaluated. */
export const choose = <T extends CelType>(test: Cel<'bool'>, then: Cel<T | 'dyn'>, otherwise: Cel<T>): Cel<T> =>
  make(`${operand(test, 'or')} ? ${operand(then, 'or')} : ${operand(otherwise, 'conditional')}`, 'conditional');

/** Both texts, one behind the other. */
export const concat = (left: Cel<'dyn' | 'string'>, right: Cel<'dyn' | 'string'>): Cel<'string'> =>
  make(`${operand(left, 'addition')} + ${operand(right, 'unary')}`, 'addition');

/** A field whose name is no identifier: `body['detail-type']`. */
export const fieldOf = (value: Cel<'dyn'>, name: string): Cel<'dyn'> => make(`${operand(value, 'primary')}[${text(name).source}]`, 'primary');

/** An item of a list; an error where the list is shorter. */
export const itemOf = (value: Cel<'dyn'>, index: number): Cel<'dyn'> => make(`${operand(value, 'primary')}[${String(index)}]`, 'primary');

/** `value.a.b`, below a value that is no plain field of the body. */
export function below(value: Cel<'dyn'>, ...fields: readonly string[]): Cel<'dyn'> {
  for (const field of fields) assertInvariant(identifier.test(field), `${field} is no identifier of CEL`);
  return make([operand(value, 'primary'), ...fields].join('.'), 'primary');
}

/** Whether a list or map has so many entries, or a text so many characters. */
export const sizeIs = (value: Cel<'dyn'>, size: number): Cel<'bool'> => make(`${operand(value, 'primary')}.size() == ${String(size)}`, 'relation');

/** Whether a value is one of these texts. */
export const isOneOf = (value: Cel<'dyn'>, texts: readonly string[]): Cel<'bool'> =>
  make(`${operand(value, 'addition')} in [${texts.map((each) => text(each).source).join(', ')}]`, 'relation');

/** Whether a value has exactly the entries of one of these maps. */
export const isOneOfMaps = (value: Cel<'dyn'>, maps: readonly Readonly<Record<string, string>>[]): Cel<'bool'> =>
  make(`${operand(value, 'addition')} in [${maps.map(mapOf).join(', ')}]`, 'relation');

const mapOf = (map: Readonly<Record<string, string>>): string =>
  `{${Object.entries(map)
    .map(([key, value]) => `${text(key).source}: ${text(value).source}`)
    .join(', ')}}`;

/** A number as JSON would write it, a text as it is; an error for lists and maps. */
export const asText = (value: Cel<'dyn'>): Cel<'string'> => make(`string(${value.source})`, 'primary');
/** Of a whole number, or of its text; an error for anything else. */
export const asNumber = (value: Cel<'dyn'>): Cel<'int'> => make(`int(${asText(value).source})`, 'primary');

/** `computed` names the text as `q`, so that a long field stands there once. */
const compute = (value: Cel<'dyn'>, computed: string): Cel<'int'> => make(`[${value.source}].map(q, ${computed})[0]`, 'primary');

/** Thousandths of a core of `2`, `0.5` or `500m`; an error for anything else. Rounded, because 32.1 has no exact double. */
export const cpuMilli = (value: Cel<'dyn'>): Cel<'int'> =>
  compute(value, "q.endsWith('m') ? int(q.substring(0, q.size() - 1)) : int(double(q) * 1000.0 + 0.5)");

/** Bytes of `8Gi`: a whole number with Ki, Mi, Gi or Ti; an error for anything else, and for more than 2^63-1. */
export const memoryBytes = (value: Cel<'dyn'>): Cel<'int'> =>
  compute(value, "int(q.substring(0, q.size() - 2)) * {'Ki': 1024, 'Mi': 1048576, 'Gi': 1073741824, 'Ti': 1099511627776}[q.substring(q.size() - 2)]");

export const atMost = (left: Cel<'int'>, right: Cel<'int'> | bigint): Cel<'bool'> =>
  make(`${operand(left, 'addition')} <= ${typeof right === 'bigint' ? String(right) : operand(right, 'addition')}`, 'relation');

/** A string without so many characters at its beginning and at its end; an error where it has not so many. */
export function trimmed(value: Cel<'dyn'>, start: number, end: number): Cel<'string'> {
  const string = operand(value, 'primary');
  return make(`${string}.substring(${String(start)}, ${string}.size() - ${String(end)})`, 'primary');
}

/** The text with this part of it left out wherever it stands. */
export const without = (value: Cel<'dyn'>, part: string): Cel<'string'> =>
  make(`${operand(value, 'primary')}.replace(${text(part).source}, '')`, 'primary');

/** ASCII letters only. */
export const lowerCase = (value: Cel<'dyn'>): Cel<'string'> => make(`${operand(value, 'primary')}.lowerAscii()`, 'primary');

/** `Authorization: Bearer <token>`, where the token alone is what the key of the Secret holds; likewise refused where it is empty. */
export function bearerIsSecret(secretKey: string, secretName: string): Cel<'bool'> {
  const value = make<'dyn'>(`header.canonical('Authorization')`, 'primary');
  const scheme = 'Bearer ';
  const token = make<'string'>(`${value.source}.substring(${String(scheme.length)})`, 'primary');
  return and(
    startsWith(value, scheme),
    not(equals(token, text(''))),
    make(`${token.source}.compareSecret(${text(secretKey).source}, ${text(secretName).source})`, 'primary'),
  );
}
