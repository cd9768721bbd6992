import { Lexer, Parser, type CST } from 'yaml';

/**
 * Limits that hold before anything is composed. The composer alone is no protection: some inputs of a few hundred
 * kilobytes keep it busy for minutes, others exhaust the stack.
 */
export const sourceLimits = { bytes: 256 * 1024, tokens: 20_000, depth: 32 } as const;

export type GuardProblemKind = 'too-many-tokens' | 'too-deep' | 'anchor' | 'alias' | 'tag' | 'directive' | 'second-document';

export interface GuardProblem {
  readonly kind: GuardProblemKind;
  readonly start: number;
  readonly end: number;
}

export type GuardResult = { readonly tokens: readonly CST.Token[] } | { readonly problem: GuardProblem };

const scalarMark = '\x1f';
const documentMark = '\x02';
const flowErrorMark = '\x18';

const refusedFirst: Readonly<Record<string, GuardProblemKind>> = { '&': 'anchor', '*': 'alias', '!': 'tag', '%': 'directive' };

/** Space, line end or comment. */
const isBlank = (first: string): boolean => first === ' ' || first === '\n' || first === '\r' || first === '\t' || first === '#';

function isTooDeep({ stack }: Parser): boolean {
  // The document below the collections, and one scalar above them.
  if (stack.length <= sourceLimits.depth + 1) return false;
  return stack.filter((token) => 'items' in token).length > sourceLimits.depth;
}

/**
 * One pass of the lexer, each lexeme handed on to the parser at once, that stops at the first thing which is not
 * allowed. So no more than {@link sourceLimits} ever reaches the composer, and the text is read only once.
 */
export function guardTokens(text: string): GuardResult {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  let offset = 0;
  let isScalar = false;
  let documents = 0;
  let canStartDocument = true;
  for (const lexeme of new Lexer().lex(text)) {
    const refuse = (kind: GuardProblemKind): GuardResult => ({ problem: { kind, start: offset, end: offset + lexeme.length } });
    const first = lexeme[0] ?? '';
    if (lexeme === scalarMark && !isScalar) {
      // Announces a plain or block scalar: the next lexeme is text, whatever it starts with.
      isScalar = true;
      canStartDocument = false;
    } else {
      count += 1;
      if (count > sourceLimits.tokens) return refuse('too-many-tokens');
      if (!isScalar) {
        const kind = refusedFirst[first];
        if (kind) return refuse(kind);
        if (lexeme === documentMark) documents += 1;
        else if (lexeme === '---' && canStartDocument) canStartDocument = false;
        else if (lexeme === '---' || documents > 1) return refuse('second-document');
        else if (!isBlank(first)) canStartDocument = false;
      }
      isScalar = false;
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (isTooDeep(parser)) return refuse('too-deep');
    if (first !== scalarMark && first !== documentMark && first !== flowErrorMark) offset += lexeme.length;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}
