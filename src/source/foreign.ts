import { isPair, isScalar, visit, type ParsedNode } from 'yaml';
import { findUnsafe } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import { isSpan, type Diagnostic, type Path, type Result, type Span } from '../diagnostics/diagnostic.js';
import { composeAll, type ComposedDocument } from './compose.js';
import { cover, coverSecrets } from './cover-secrets.js';
import { guardDiagnostic } from './guard-diagnostic.js';
import { sourceLimits } from './limits.js';
import { locateIn } from './locate.js';
import { documentValue } from './plain-value.js';
import type { SourceFile } from './source.js';
import { syntaxDiagnostic } from './syntax-error.js';

/** A document of a file that is none of our definitions. Unlike those, it may be one of several. */
export interface ForeignDocument {
  readonly file: string;
  /** Plain values, maps without a prototype. */
  readonly value: unknown;
  /** Where a value stands, or its key. */
  readonly spanOf: (path: Path, target?: 'key' | 'value') => Span;
}

/** JSON that `JSON.parse` takes cannot slow the composer down, so that more of it is read than of YAML. */
export const foreignLimits = { bytes: 4 * 1024 * 1024, tokens: { json: 1_000_000, yaml: sourceLimits.tokens } } as const;

/**
 * The documents of a YAML or JSON file that came from elsewhere; empty ones are left out.
 *
 * @param prose keys of texts that people wrote for people: ends of lines as Windows has them, and tabs, are no problem there
 */
export function parseForeign({ path, text }: SourceFile, prose: ReadonlySet<string> = new Set()): Result<readonly ForeignDocument[]> {
  const tokens = foreignLimits.tokens[isJson(text) ? 'json' : 'yaml'];
  const composed = composeAll(text, tokens);
  if ('problem' in composed) {
    const { problem } = composed;
    const span: Span = { file: path, start: problem.start, end: problem.end };
    return [undefined, [problem.kind === 'too-many-tokens' ? diagnose('odahu/too-large', span, { tokens }) : guardDiagnostic(path, text, problem)]];
  }
  const syntax = composed.documents.flatMap((document) => syntaxDiagnostic(path, text, document) ?? []);
  if (syntax.length > 0) return [undefined, syntax.slice(0, 1)];
  const diagnostics: Diagnostic[] = [];
  const documents = composed.documents
    .map((document) => readDocument({ path, text }, document, prose, diagnostics))
    .filter(({ value }) => value !== null);
  return [documents, diagnostics];
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readDocument(
  { path: file, text }: SourceFile,
  { contents }: ComposedDocument,
  prose: ReadonlySet<string>,
  diagnostics: Diagnostic[],
): ForeignDocument {
  const found: Diagnostic[] = [];
  // Nothing of a foreign file is quoted but what its reader asks for by name: it may hold keys.
  const value = documentValue({ file, written: () => '…', checkEscapes: text.includes('\\'), diagnostics: found }, contents);
  // What YAML 1.1 would take for something else (a time, for example) matters only where it is read.
  const harmless = startsOfProse(contents, prose);
  const matters = ({ code, where }: Diagnostic): boolean =>
    code !== 'source/ambiguous-scalar' && !(code === 'source/unsafe-character' && where && isSpan(where) && harmless.has(where.start));
  diagnostics.push(...found.filter(matters));
  return { file, value, spanOf: (path, target = 'value') => locateIn({ file, path, target }, contents) };
}

/** Where the values of these keys begin that hold nothing unsafe but ends of lines and tabs. */
function startsOfProse(contents: ParsedNode | null, keys: ReadonlySet<string>): ReadonlySet<number> {
  const starts = new Set<number>();
  if (keys.size === 0 || contents === null) return starts;
  visit(contents, {
    Pair: (_, pair) => {
      if (!isPair<ParsedNode, ParsedNode | null>(pair) || !isScalar(pair.key) || !keys.has(String(pair.key.value))) return;
      const { value } = pair;
      if (isScalar(value) && !findUnsafe(String(value.value).replace(/[\r\t]/g, ''), { newline: true })) starts.add(value.range[0]);
    },
  });
  return starts;
}

/**
 * A text with everything covered that may be a secret: the values of these keys, wherever they stand, and what would be covered
 * in a definition of ours, such as a password in a URL. Each character becomes one `*`, so that positions stay.
 */
export function coverForeign(text: string, keys: ReadonlySet<string>): string {
  const documents = text.split(/^(?=---)/m);
  const covered = documents.map(coverSecrets).join('');
  let both = '';
  let at = 0;
  for (const { 0: stars, index } of coverValues(text, keys).matchAll(/\*+/g)) {
    both += covered.slice(at, index) + stars;
    at = index + stars.length;
  }
  return both + covered.slice(at);
}

/** Where the text is no YAML, all that looks like a key or comes after such a name is covered. */
function coverValues(text: string, keys: ReadonlySet<string>): string {
  const composed = composeAll(text, foreignLimits.tokens.json);
  if ('problem' in composed || composed.documents.some(({ errors }) => errors.length > 0)) return coverLines(text, keys);
  const found: { readonly start: number; readonly end: number }[] = [];
  for (const document of composed.documents) {
    visit(document, {
      Pair: (_, pair) => {
        if (!isPair<ParsedNode, ParsedNode | null>(pair) || !isScalar(pair.key) || !keys.has(String(pair.key.value)) || !pair.value) return;
        const [start, end] = pair.value.range;
        found.push({ start, end });
      },
    });
  }
  return cover(text, found);
}

function coverLines(text: string, keys: ReadonlySet<string>): string {
  const named = new RegExp(`((?:${[...keys].join('|')})["']?\\s*:)(.*)$`, 'gim');
  return text
    .replace(named, (_, before: string, value: string) => before + value.replace(/\S/g, '*'))
    .replace(/[A-Za-z0-9+/=_%&?-]{16,}/g, (word) => '*'.repeat(word.length));
}
