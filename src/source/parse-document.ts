import { codePointName, findUnsafe, type UnsafeText } from '../base/text.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { parseComposed } from './parse-composed.js';
import { readOrdinary } from './read-ordinary.js';
import type { SourceDocument, SourceFile } from './source.js';

/**
 * The one YAML document of a file as plain values. It goes on after whatever leaves a value to check: only a file that
 * is no YAML, or more of it than we read, gives no document. An empty file has the value null.
 */
export function parseDocument(file: SourceFile): Result<SourceDocument> {
  const problems = textDiagnostics(file.path, file.text);
  const ordinary = problems.length === 0 ? readOrdinary(file.text) : undefined;
  return ordinary ? [{ file, value: ordinary.value }, []] : parseComposed(file, problems);
}

/** One problem at most for the characters of a text, comments included: a reviewer reads those too. */
function textDiagnostics(file: string, text: string): readonly Diagnostic[] {
  const unsafe = findUnsafe(text, { newline: true });
  return unsafe ? [unsafeDiagnostic(file, text, unsafe)] : [];
}

function unsafeDiagnostic(file: string, text: string, { index, length, kind }: UnsafeText): Diagnostic {
  const span: Span = { file, start: index, end: index + length };
  if (text[index] === '\t') return diagnose('source/tab', span, {});
  if (text[index] === '\r') return diagnose('source/carriage-return', span, {});
  return diagnose('source/unsafe-character', span, { kind, codePoint: codePointName(text, index) });
}
