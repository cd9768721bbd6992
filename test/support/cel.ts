/** Evaluates CEL as Tekton Triggers does, as far as our expressions go. */
import { Environment } from '@marcbachmann/cel-js';

const environment = new Environment({ unlistedVariablesAreDyn: true }).registerFunction('string.parseURL(): map', (url: string) => {
  const parsed = new URL(url, 'http://listener');
  return { path: parsed.pathname };
});

export interface JobRequest {
  readonly url: string;
  readonly body: unknown;
}

/** The value of an expression, or the error that the evaluator reports; Triggers drops the event on either error or false. */
export function evaluateCel(source: string, { url, body }: JobRequest): unknown {
  try {
    return environment.evaluate(source, { body, requestURL: url }) as unknown;
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
