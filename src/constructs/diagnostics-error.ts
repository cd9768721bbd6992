import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** Thrown by a construct whose props are wrong; holds every problem that was found, not only the first. */
export class DiagnosticsError extends Error {
  /**
   * @param what the construct in our words
   * @param diagnostics everything that is wrong, warnings among it
   */
  constructor(
    what: string,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super([`${what} cannot be compiled:`, ...diagnostics.map(describe)].join('\n'));
    this.name = 'DiagnosticsError';
  }
}

function describe({ where, message, code, hint }: Diagnostic): string {
  const place = where && 'path' in where && where.path.length > 0 ? `${where.path.join('.')}: ` : '';
  return `  ${place}${message} [${code}]${hint === undefined ? '' : `\n    hint: ${hint}`}`;
}
