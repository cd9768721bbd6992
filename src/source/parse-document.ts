import { codePointName, findUnsafe, type UnsafeText } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { compose } from './compose.js';
import { guardDiagnostic } from './guard-diagnostic.js';
import { documentValue } from './plain-value.js';
import type { SourceDocument, SourceFile } from './source.js';
import { syntaxDiagnostic } from './syntax-error.js';

/**
 * The one YAML document of a file as plain values. It goes on after whatever leaves a value to check: only a file that
 * is no YAML, or more of it than we read, gives no document. An empty file has the value null.
 */
export function parseDocument(file: SourceFile): Result<SourceDocument> {
  const { path, text } = file;
  const diagnostics = textDiagnostics(path, text);
  const composed = compose(text);
  if ('problem' in composed) return [undefined, [...diagnostics, guardDiagnostic(path, text, composed.problem)]];
  const { document } = composed;
  const syntax = document.errors.length > 0 || document.warnings.length > 0 ? syntaxDiagnostic(path, text, document) : undefined;
  // A tab or an invisible character is the likely cause of the syntax error, which would only confuse then.
  if (syntax) return [undefined, diagnostics.length > 0 ? diagnostics : [syntax]];
  const checkEscapes = diagnostics.length === 0 && text.includes('\\');
  const value = documentValue({ file: path, checkEscapes, diagnostics }, document.contents);
  return [{ file, value }, diagnostics];
}

/** One problem at most for the characters of a text, comments included: a reviewer reads those too. */
function textDiagnostics(file: string, text: string): Diagnostic[] {
  const unsafe = findUnsafe(text, { newline: true });
  return unsafe ? [unsafeDiagnostic(file, text, unsafe)] : [];
}

function unsafeDiagnostic(file: string, text: string, { index, length, kind }: UnsafeText): Diagnostic {
  const span: Span = { file, start: index, end: index + length };
  if (text[index] === '\t') return diagnose('source/tab', span, {});
  if (text[index] === '\r') return diagnose('source/carriage-return', span, {});
  return diagnose('source/unsafe-character', span, { kind, codePoint: codePointName(text, index) });
}
