/** The CEL of Tekton Triggers, as far as emitted objects use it; `test/recordings/cel.json` says what the real one gives. */
import { Environment, EvaluationError, serialize, type ASTNode } from '@marcbachmann/cel-js';
import { InvariantError } from '../../base/assert.js';
import type { JsonObject } from './request.js';

export type { ASTNode };

export interface CelVariables {
  readonly body: JsonObject;
  readonly header: Readonly<Record<string, readonly string[]>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Path and query. */
  readonly requestURL: string;
}

/** What an expression gives for a request; an error of the request (such as a missing key) drops the event. */
export type CelResult = { readonly value: unknown } | { readonly error: string };

/** Whether a value is what a key of a Secret holds; {@link CelFailure} where there is no such Secret or key. */
export type SecretComparison = (value: string, secretKey: string, secretName: string) => boolean;

/** What a function of CEL gives where it can give no value. */
export class CelFailure extends Error {
  override readonly name = 'CelFailure';
}

export interface CelEvaluator {
  /** An expression of ours that does not parse, or uses what is not registered here, is our bug. */
  readonly parse: (expression: string) => ASTNode;
  /** Of an expression, or of a part of one. Each is parsed and checked once. */
  readonly evaluate: (expression: string | ASTNode, variables: CelVariables) => CelResult;
}

/** Evaluates as Tekton's CEL interceptor does; a program is compiled once however often it is asked. */
export function createEvaluator(compareSecret: SecretComparison): CelEvaluator {
  const environment = base.clone().registerFunction('string.compareSecret(string, string): bool', compareSecret);
  const programs = new Map<string, Program>();
  const nodes = new WeakMap<ASTNode, Program>();
  const compile = (expression: string): Program => {
    const program = programs.get(expression) ?? prepare(environment, expression);
    programs.set(expression, program);
    return program;
  };
  const compileNode = (node: ASTNode): Program => {
    const program = nodes.get(node) ?? prepare(environment, serialize(node));
    nodes.set(node, program);
    return program;
  };
  return {
    parse: (expression) => compile(expression).node(),
    evaluate: (expression, variables) => (typeof expression === 'string' ? compile(expression) : compileNode(expression)).run(variables),
  };
}

interface Program {
  /** Of a parse of its own: the evaluated tree is rewritten when it is checked. */
  readonly node: () => ASTNode;
  readonly run: (variables: CelVariables) => CelResult;
}

function prepare(environment: Environment, expression: string): Program {
  const checked = environment.check(expression);
  if (!checked.valid) throw new InvariantError(`this CEL is not understood here: ${expression}`, { cause: checked.error });
  const evaluate = environment.parse(expression);
  let node: ASTNode | undefined;
  return {
    node: () => (node ??= environment.parse(expression).ast),
    run(variables) {
      try {
        return { value: evaluate({ ...variables }) as unknown };
      } catch (error) {
        if (error instanceof EvaluationError) return { error: error.summary };
        if (error instanceof CelFailure) return { error: error.message };
        throw error;
      }
    },
  };
}

/** Go's `http.Header.Get`: of any case, the first value, empty where there is none. */
export function headerValue(header: unknown, name: string): string {
  if (typeof header !== 'object' || header === null) return '';
  const values: unknown = Object.entries(header).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return Array.isArray(values) ? String(values[0]) : '';
}

/** As Go's `url.Parse`, which leaves `..` and `//` as they are, where JavaScript's URL would make the path canonical. */
function parseUrl(text: string): { readonly path: string; readonly query: Readonly<Record<string, string>> } {
  const [, path = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(text) ?? [];
  try {
    return { path: decodeURIComponent(path), query: Object.fromEntries(new URLSearchParams(query)) };
  } catch {
    throw new CelFailure(`${text} is no URL`);
  }
}

const base = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable('body', 'map')
  .registerVariable('header', 'map')
  .registerVariable('extensions', 'map')
  .registerVariable('requestURL', 'string')
  .registerFunction('string.parseURL(): map', parseUrl)
  .registerFunction('string.replace(string, string): string', (text: string, found: string, by: string) => text.replaceAll(found, () => by))
  .registerFunction('map.canonical(string): string', headerValue);

/** Without Secrets: whoever evaluates has decided that the caller is who it says. */
export const trusting: CelEvaluator = createEvaluator(() => true);

/** With every comparison with a Secret taken as right. */
export const evaluateCel = (expression: string, variables: CelVariables): CelResult => trusting.evaluate(expression, variables);
