import type { DiagnosticCode } from '../diagnostics/catalogue.js';
import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** More problems of one kind have one cause, and bury the others. */
const mostShown = 50;

/** The first problems of each code, and behind them how many more there are. */
export function showSome(diagnostics: readonly Diagnostic[], folder: string): readonly Diagnostic[] {
  if (diagnostics.length <= mostShown) return diagnostics;
  const counts = new Map<DiagnosticCode, number>();
  const shown = diagnostics.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= mostShown;
  });
  const hidden = [...counts].filter(([, count]) => count > mostShown);
  return [...shown, ...hidden.map(([code, count]) => diagnose('emit/too-many-problems', undefined, { folder, code, more: count - mostShown }))];
}
