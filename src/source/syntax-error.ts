import { visit, type YAMLError } from 'yaml';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { ComposedDocument } from './compose.js';

interface SyntaxContext {
  readonly file: string;
  readonly text: string;
  readonly document: ComposedDocument;
  /** The parser's own position, clamped into the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * The first syntax error of a document in our words, at the place where the author has to change something, which is
 * often not where the parser gave up. Only the first: the others mostly follow from it.
 */
export function syntaxDiagnostic(file: string, text: string, document: ComposedDocument): Diagnostic | undefined {
  // With the guard before it, the composer has nothing to warn about that we would let pass.
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const [error] = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (!error) return undefined;
  const start = Math.min(Math.max(error.pos[0], 0), text.length);
  const end = Math.min(Math.max(error.pos[1], start), text.length);
  return translate({ file, text, document, start, end }, error);
}

function translate(context: SyntaxContext, { code, message }: YAMLError): Diagnostic {
  const { text, start } = context;
  switch (code) {
    case 'BAD_INDENT':
    case 'MISSING_CHAR':
      return missing(context, message);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return message.startsWith('Nested') ? nested(context) : badIndentation(context, start);
    case 'MULTILINE_IMPLICIT_KEY':
      if (message.includes('flow')) return inBrackets(context);
      return text[start] === '-' ? badIndentation(context, start) : diagnose('source/missing-colon', lineFrom(context, start), {});
    case 'BLOCK_IN_FLOW':
      return inBrackets(context);
    case 'BAD_DQ_ESCAPE':
      return diagnose('source/bad-escape', spanOf(context, start, start + 2), { escape: text.slice(start, start + 2) });
    case 'BAD_SCALAR_START':
      return diagnose('source/reserved-character', spanOf(context, start, start + 1), { character: text.slice(start, start + 1) });
    // Only in documents from elsewhere: in ours every tab has been told.
    case 'TAB_AS_INDENT':
      return diagnose('source/tab', spanOf(context, start, start + 1), {});
    case 'NON_STRING_KEY':
      return diagnose('source/non-string-key', lineFrom(context, start), {});
    default:
      return unexpected(context, message);
  }
}

function missing(context: SyntaxContext, message: string): Diagnostic {
  const { start } = context;
  if (message.includes('closing')) {
    const opening = openingOf(context, message.includes("'") ? "'" : '"');
    return diagnose('source/unclosed-quote', lineFrom(context, opening), { quote: context.text.slice(opening, opening + 1) });
  }
  if (/end with a [\]}]$/.test(message)) {
    const closing = message.slice(-1);
    const opening = closing === ']' ? '[' : '{';
    const start = openingOf(context, opening);
    return diagnose('source/unclosed-bracket', spanOf(context, start, start + 1), { opening, closing });
  }
  if (message.startsWith('Implicit map keys')) return diagnose('source/missing-colon', lineFrom(context, start), {});
  if (/^Missing ,/.test(message)) return diagnose('source/missing-comma', lineFrom(context, start), {});
  if (message.includes('same column') || message.startsWith('Sequence item')) return badIndentation(context, start);
  return syntax(context, message);
}

/** Something of several lines, or with `-`, where brackets hold items separated by commas. */
const inBrackets = (context: SyntaxContext): Diagnostic =>
  context.text[context.start] === '-' ? syntax(context, 'Block collections') : diagnose('source/missing-comma', lineFrom(context, context.start), {});

function unexpected(context: SyntaxContext, message: string): Diagnostic {
  if (!/ (?:at node end|token|token in YAML stream: .*)$/s.test(message) || knownWords(message) !== undefined) return syntax(context, message);
  const { text, start } = context;
  const isFirstOfLine = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
  return isFirstOfLine ? badIndentation(context, start) : diagnose('source/text-after-value', lineFrom(context, start), {});
}

/** A mapping where the value of a key stands: either a colon in plain text, or a line that is indented too far. */
function nested(context: SyntaxContext): Diagnostic {
  const line = lineFrom(context, context.start);
  if (/:(?:\s|$)/.test(context.text.slice(line.start, line.end))) return diagnose('source/unquoted-colon', line, {});
  return badIndentation(context, line.end);
}

const badIndentation = (context: SyntaxContext, offset: number): Diagnostic => diagnose('source/bad-indentation', lineFrom(context, offset), {});

const spanOf = ({ file, text }: SyntaxContext, start: number, end: number): Span => ({
  file,
  start: Math.min(start, text.length),
  end: Math.min(end, text.length),
});

/** From the first character after `offset` that is not white space to the end of its line. */
function lineFrom(context: SyntaxContext, offset: number): Span {
  const { text } = context;
  const rest = /\S/g;
  rest.lastIndex = offset;
  const start = rest.exec(text)?.index ?? offset;
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  return spanOf(context, start, start + text.slice(start, end).trimEnd().length);
}

/** Where the innermost node begins that starts with `sign` and ends where the parser gave up. */
function openingOf({ document, text, start }: SyntaxContext, sign: string): number {
  let found = start;
  visit(document, {
    Node: (_, node) => {
      if (node.range?.[1] === start && text[node.range[0]] === sign) found = node.range[0];
      return undefined;
    },
  });
  return found;
}

/** What is left of the parser's messages after the frequent ones have a code of their own. */
const ourWords: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^Unexpected block-seq-ind on same line/, 'a list item cannot start on the line of its key'],
  [/^Unexpected (?:,|empty item) in/, 'there is a comma too many'],
  [/^Unexpected flow-(?:map|seq)-end/, 'this bracket closes nothing'],
  [/^(?:Block scalar header|Not a YAML token)/, 'text of a block starts on the line after "|" or ">"'],
  [/^Block scalars with more-indented/, 'an empty line at the start of a block is indented further than the block'],
  [/^Comments must be separated/, 'a comment needs a space before its "#"'],
  [/^Missing space after :/, 'a space is missing after ":"'],
  [/^Block collection cannot start on same line/, 'nothing may follow "---" on its line'],
  [/^The : indicator must be at most 1024/, 'a key is longer than 1,024 characters'],
  [/^Unexpected map-value-ind/, 'this ":" has no key before it'],
  [/^Block collections/, 'a list in brackets has its items without "-"'],
  [/^Unexpected comma/, 'a comma is only allowed between items in brackets'],
];

const knownWords = (message: string): string | undefined => ourWords.find(([pattern]) => pattern.test(message))?.[1];

const syntax = (context: SyntaxContext, message: string): Diagnostic =>
  diagnose('source/yaml-syntax', spanOf(context, context.start, context.end), { reason: knownWords(message) ?? 'this is no YAML' });
