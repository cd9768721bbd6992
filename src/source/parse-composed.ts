import type { ParsedNode } from 'yaml';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { compose } from './compose.js';
import { coverFile } from './cover-secrets.js';
import { guardDiagnostic } from './guard-diagnostic.js';
import { documentValue } from './plain-value.js';
import type { SourceDocument, SourceFile } from './source.js';
import { syntaxDiagnostic } from './syntax-error.js';

/**
 * The document of any text, by the parser of `yaml`.
 *
 * @param textProblems what is wrong with the characters of the text
 */
export function parseComposed(file: SourceFile, textProblems: readonly Diagnostic[]): Result<SourceDocument> {
  const { path, text } = file;
  const composed = compose(text);
  if ('problem' in composed) return [undefined, [...textProblems, guardDiagnostic(path, text, composed.problem)]];
  const { document } = composed;
  const syntax = document.errors.length > 0 || document.warnings.length > 0 ? syntaxDiagnostic(path, text, document) : undefined;
  // A tab or an invisible character is the likely cause of the syntax error, which would only confuse then.
  if (syntax) return [undefined, textProblems.length > 0 ? textProblems : [syntax]];
  const diagnostics = [...textProblems];
  const checkEscapes = textProblems.length === 0 && text.includes('\\');
  let covered: string | undefined;
  const written = ({ range: [start, end] }: ParsedNode): string => (covered ??= coverFile(path, text)).slice(start, end);
  const value = documentValue({ file: path, written, checkEscapes, diagnostics }, document.contents);
  return [{ file, value }, diagnostics];
}
