import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import type { GuardProblem } from './lexer-guard.js';
import { coverFile } from './cover-secrets.js';
import { sourceLimits } from './limits.js';

/** What the guard refused, in words. */
export function guardDiagnostic(file: string, text: string, { kind, start, end }: GuardProblem): Diagnostic {
  const span: Span = { file, start: Math.min(start, text.length), end: Math.min(end, text.length) };
  const word = (): string => coverFile(file, text).slice(span.start, span.end);
  switch (kind) {
    case 'too-many-tokens':
      return diagnose('source/too-many-tokens', span, { limit: sourceLimits.tokens });
    case 'too-deep':
      return diagnose('source/too-deep', span, { limit: sourceLimits.depth });
    case 'anchor':
      return diagnose('source/anchor', span, { text: word() });
    case 'alias':
      return diagnose('source/alias', span, { text: word() });
    case 'tag':
      return diagnose('source/tag', span, { text: word() });
    case 'directive':
      return diagnose('source/directive', span, {});
    case 'second-document':
      return diagnose('source/second-document', span, {});
  }
}
