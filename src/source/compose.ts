import { Composer, type Document, type ParsedNode } from 'yaml';
import { assertInvariant } from '../base/assert.js';
import { guardTokens, type GuardProblem } from './lexer-guard.js';

export type ComposedDocument = Document.Parsed<ParsedNode>;
export type ComposeResult = { readonly document: ComposedDocument } | { readonly problem: GuardProblem };

/**
 * `uniqueKeys` compares every key with every other and is replaced by a check of our own; `schema` is named because
 * `version` alone would let a document choose; `stringKeys` keeps `1` and `"1"` from becoming one key unseen.
 */
const options = {
  version: '1.2',
  schema: 'core',
  strict: true,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  merge: false,
  resolveKnownTags: false,
} as const;

/** The YAML document of a text, with its errors inside, unless the guard refuses it first. */
export function compose(text: string): ComposeResult {
  const guarded = guardTokens(text);
  if ('problem' in guarded) return guarded;
  const [document] = new Composer(options).compose(guarded.tokens, true, text.length);
  assertInvariant(document, 'the composer makes a document of any text');
  return { document };
}

export type ComposeAllResult = { readonly documents: readonly ComposedDocument[] } | { readonly problem: GuardProblem };

/** The same of a text that may hold several documents; offsets count from its beginning. */
export function composeAll(text: string, tokens: number): ComposeAllResult {
  const guarded = guardTokens(text, { tokens, manyDocuments: true });
  return 'problem' in guarded ? guarded : { documents: [...new Composer(options).compose(guarded.tokens, false, text.length)] };
}
