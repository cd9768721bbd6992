import { isSpan, type Diagnostic, type Where } from './diagnostic.js';

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const startOf = (where: Where | undefined): number => (where && isSpan(where) ? where.start : -1);
const endOf = (where: Where | undefined): number => (where && isSpan(where) ? where.end : -1);

/** By file, position, code; what belongs to no file comes first. Within one file an offset orders as line and column do. */
export const compareDiagnostics = (a: Diagnostic, b: Diagnostic): number =>
  compareText(a.where?.file ?? '', b.where?.file ?? '') ||
  startOf(a.where) - startOf(b.where) ||
  compareText(a.code, b.code) ||
  endOf(a.where) - endOf(b.where) ||
  compareText(a.message, b.message);

/** Sorted, and each problem once: two stages may find the same one at the same place. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const { code, message, where } = diagnostic;
      const identity = JSON.stringify([code, message, where]);
      return !seen.has(identity) && seen.add(identity);
    })
    .sort(compareDiagnostics);
}
