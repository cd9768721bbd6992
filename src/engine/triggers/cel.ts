/** The CEL of Tekton Triggers, as far as emitted objects use it; `test/recordings/cel.json` says what the real one gives. */
import { Environment, EvaluationError, serialize, type ASTNode } from '@marcbachmann/cel-js';
import { InvariantError } from '../../base/assert.js';
import type { JsonObject } from './request.js';

export type { ASTNode };

export interface CelVariables {
  readonly body: JsonObject;
  readonly header: Readonly<Record<string, readonly string[]>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly requestURL: string;
}

/** What an expression gives for a request; an error of the request (such as a missing key) drops the event. */
export type CelResult = { readonly value: unknown } | { readonly error: string };

/** Secrets are not known here: whoever evaluates has decided that the caller is who it says. */
const secretMatches = (): boolean => true;

function canonicalHeader(header: unknown, name: string): string {
  if (typeof header !== 'object' || header === null) return '';
  const values: unknown = Object.entries(header).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  return Array.isArray(values) ? String(values[0]) : '';
}

function parseUrl(text: string): { readonly path: string; readonly query: Readonly<Record<string, string>> } {
  const url = new URL(text, 'http://listener');
  return { path: decodeURIComponent(url.pathname), query: Object.fromEntries(url.searchParams) };
}

const environment = new Environment({ homogeneousAggregateLiterals: false })
  .registerVariable('body', 'map')
  .registerVariable('header', 'map')
  .registerVariable('extensions', 'map')
  .registerVariable('requestURL', 'string')
  .registerFunction('string.parseURL(): map', parseUrl)
  .registerFunction('map.canonical(string): string', canonicalHeader)
  .registerFunction('string.compareSecret(string, string): bool', secretMatches);

/** An expression of ours that does not parse, or uses what is not registered above, is our bug. */
export function parseCel(expression: string): ASTNode {
  const checked = environment.check(expression);
  if (!checked.valid) throw new InvariantError(`this CEL is not understood here: ${expression}`, { cause: checked.error });
  return environment.parse(expression).ast;
}

export function evaluateNode(node: ASTNode, variables: CelVariables): CelResult {
  try {
    return { value: environment.evaluate(serialize(node), { ...variables }) as unknown };
  } catch (error) {
    if (error instanceof EvaluationError) return { error: error.summary };
    throw error;
  }
}

export const evaluateCel = (expression: string, variables: CelVariables): CelResult => evaluateNode(parseCel(expression), variables);
