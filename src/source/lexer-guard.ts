import { Lexer, Parser, type CST } from 'yaml';
import { sourceLimits } from './limits.js';

export type GuardProblemKind = 'too-many-tokens' | 'too-deep' | 'anchor' | 'alias' | 'tag' | 'directive' | 'second-document';

export interface GuardProblem {
  readonly kind: GuardProblemKind;
  readonly start: number;
  readonly end: number;
}

export type GuardResult = { readonly tokens: readonly CST.Token[] } | { readonly problem: GuardProblem };

/** What the lexer says between the pieces of the text. */
const scalarMark = '\x1f';
const documentMark = '\x02';

const refusedFirst: Readonly<Record<string, GuardProblemKind>> = { '&': 'anchor', '*': 'alias', '!': 'tag', '%': 'directive' };

/** Space, line end or comment. */
const isBlank = (first: string): boolean => first === ' ' || first === '\n' || first === '\r' || first === '\t' || first === '#';

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

function isTooDeep({ stack }: Parser): boolean {
  // The document below the collections, and one scalar above them.
  if (stack.length <= sourceLimits.depth + 1) return false;
  return stack.filter((token) => 'items' in token).length > sourceLimits.depth;
}

/**
 * One pass of the lexer, each lexeme handed on to the parser at once, that stops at the first thing which is not
 * allowed. So no more than {@link sourceLimits} ever reaches the composer, and the text is read only once.
 *
 * @param allowed what may stand in the text; a definition of ours is one document
 */
export function guardTokens(text: string, allowed: GuardLimits = ownDefinitions): GuardResult {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const state: GuardState = { ...allowed, count: 0, documents: 0, isScalar: false, canStartDocument: true };
  for (const lexeme of new Lexer().lex(text)) {
    const start = parser.offset;
    const kind = refusal(state, lexeme);
    if (!kind) for (const token of parser.next(lexeme)) tokens.push(token);
    if (kind || isTooDeep(parser)) return { problem: { kind: kind ?? 'too-deep', start, end: start + lexeme.length } };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

/** What may be in a text. */
export interface GuardLimits {
  readonly tokens: number;
  readonly manyDocuments: boolean;
}

const ownDefinitions: GuardLimits = { tokens: sourceLimits.tokens, manyDocuments: false };

interface GuardState extends GuardLimits {
  count: number;
  documents: number;
  /** The next lexeme is the text of a plain or block scalar, whatever it starts with. */
  isScalar: boolean;
  /** `---` may still stand for the start of the one document. */
  canStartDocument: boolean;
}

/** Why the lexeme must not reach the parser, if so. */
function refusal(state: GuardState, lexeme: string): GuardProblemKind | undefined {
  if (state.isScalar) {
    state.isScalar = false;
    return countTokens(state, 1);
  }
  if (lexeme === scalarMark) {
    state.isScalar = true;
    state.canStartDocument = false;
    return state.documents > 1 && !state.manyDocuments ? 'second-document' : undefined;
  }
  const first = lexeme[0] ?? '';
  const kind = refusedFirst[first];
  if (kind) return kind;
  if (lexeme === documentMark) {
    state.documents += 1;
  } else if (!state.manyDocuments && (state.documents > 1 || (lexeme === '---' && !state.canStartDocument))) {
    return 'second-document';
  } else if (!isBlank(first)) {
    state.canStartDocument = false;
  }
  // Every escape can be an error of its own, which costs as much as a token.
  return countTokens(state, first === '"' ? 1 + countOf(lexeme, '\\') : 1);
}

function countTokens(state: GuardState, count: number): GuardProblemKind | undefined {
  state.count += count;
  return state.count > state.tokens ? 'too-many-tokens' : undefined;
}
