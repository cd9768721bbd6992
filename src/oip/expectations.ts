import type { Report } from './report.js';
import type { Spot } from './violation.js';

/** What a response must answer to. */
export interface RequestFacts {
  readonly id?: string;
  /** Names of the outputs that the request asks for; without them it asks for all. */
  readonly outputs?: ReadonlySet<string>;
}

/** Is told what each request of a file asks for when it ends, and its place in the file, from 0. */
export type TakeFacts = (facts: RequestFacts, place: number) => void;

/** What the request asks for that the response at a place of its file answers; undefined where that is not known. Places only grow. */
export type FindFacts = (place: number) => RequestFacts | undefined;

/** Remembers what a request asks for. */
export interface FactsCollector {
  begin(): void;
  id(text: string): void;
  /** The list of outputs begins. */
  outputs(): void;
  output(name: string): void;
  facts(): RequestFacts;
}

/** Of one request after another. */
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

/** Compares responses with their requests, where these are known. */
export interface Expectations {
  /** A response begins, to a request that is known or not. */
  begin(facts: RequestFacts | undefined): void;
  id(text: string): void;
  /** There is an id, which is no text: that has a problem of its own. */
  wrongId(): void;
  /** Whether the names of outputs matter. */
  wantsOutputs(): boolean;
  /** An output with this name. */
  output(name: string): void;
  /** The response has ended. */
  end(spot: Spot): void;
}

/** Of one response after another; what does not fit is told to the report. */
export function createExpectations(report: Report): Expectations {
  const missing = new Set<string>();
  let facts: RequestFacts = {};
  let hasId = false;
  return {
    begin: (known = {}) => {
      facts = known;
      hasId = false;
      missing.clear();
      for (const name of facts.outputs ?? []) missing.add(name);
    },
    id: (text) => {
      hasId = true;
      if (facts.id !== undefined && text !== facts.id) report.add('E-ID-ECHO', () => '"id" must be the id of the request');
    },
    wrongId: () => {
      hasId = true;
    },
    wantsOutputs: () => facts.outputs !== undefined,
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
