import type { Report } from './report.js';
import type { Spot } from './violation.js';

/** What a response must answer to. */
export interface RequestFacts {
  readonly id?: string;
  /** Names of the outputs that the request asks for; without them it asks for all. */
  readonly outputs?: ReadonlySet<string>;
}

/** Remembers what a request asks for. */
export interface FactsCollector {
  begin(): void;
  id(text: string): void;
  /** The list of outputs begins. */
  outputs(): void;
  output(name: string): void;
  facts(): RequestFacts;
}

export function createFactsCollector(): FactsCollector {
  let id: string | undefined;
  let outputs: Set<string> | undefined;
  return {
    begin: () => {
      id = undefined;
      outputs = undefined;
    },
    id: (text) => {
      id = text;
    },
    outputs: () => {
      outputs = new Set();
    },
    output: (name) => {
      outputs?.add(name);
    },
    facts: () => ({ ...(id === undefined ? {} : { id }), ...(outputs && outputs.size > 0 ? { outputs } : {}) }),
  };
}

/** Compares a response with its request, where that is known. */
export interface Expectations {
  begin(): void;
  id(text: string): void;
  /** An output with this name. */
  output(name: string): void;
  /** The response has ended. */
  end(spot: Spot): void;
}

export function createExpectations(report: Report, facts: RequestFacts): Expectations {
  const missing = new Set<string>();
  let hasId = false;
  return {
    begin: () => {
      hasId = false;
      missing.clear();
      for (const name of facts.outputs ?? []) missing.add(name);
    },
    id: (text) => {
      hasId = true;
      if (facts.id !== undefined && text !== facts.id) report.add('E-ID-ECHO', () => '"id" must be the id of the request');
    },
    output: (name) => {
      if (facts.outputs && !facts.outputs.has(name))
        report.add('E-OUTPUT-NOT-REQUESTED', () => 'the request does not ask for an output of this name');
      missing.delete(name);
    },
    end: (spot) => {
      if (facts.id !== undefined && !hasId) report.add('E-ID-ECHO', () => '"id" is missing; the request has one', spot);
      if (missing.size > 0) report.add('E-MISSING', () => `of the outputs that the request asks for, ${String(missing.size)} are missing`, spot);
    },
  };
}
