import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { formats, isFormat, renderers } from '../diagnostics/render/renderers.js';
import { type CliIo, UsageError } from './command.js';
import { suggest } from './suggest.js';

/** For commands that print diagnostics. */
export const formatOption = { format: { type: 'string' } } as const;

export type Report = (diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>) => void;

/**
 * Gives what prints diagnostics to stderr in the wanted format. `json` prints one array in any case, and nothing else
 * may then be printed there; `text` prints nothing where there are none.
 */
export function reporter(io: CliIo, values: { readonly format?: string; readonly 'no-color'?: boolean }): Report {
  const { format = 'text' } = values;
  if (!isFormat(format)) throw new UsageError(`unknown format "${format}"`, suggest(format, formats, 'formats'));
  return (diagnostics, sources) => {
    if (diagnostics.length === 0 && (format === 'text' || format === 'github')) return;
    io.stderr(renderers[format](diagnostics, sources, { color: values['no-color'] !== true && io.color }));
  };
}

/** `2 errors, 1 warning`, or `no problems`. */
export function countProblems(diagnostics: readonly Diagnostic[]): string {
  const counted = (['error', 'warning'] as const).map((severity) => count(diagnostics.filter((each) => each.severity === severity).length, severity));
  return counted.filter((text) => !text.startsWith('0 ')).join(', ') || 'no problems';
}

/** `1 file`, `2 files`; for nouns whose plural has an s. */
export const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
