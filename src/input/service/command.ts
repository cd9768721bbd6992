import { diagnose } from '../../diagnostics/diagnose.js';
import type { Diagnostic, Path } from '../../diagnostics/diagnostic.js';
import type { InferenceServiceSpec } from '../generated/types.js';

/** Further words may be empty: some programs are given nothing in that way. */
export const checkCommand = ({ command }: InferenceServiceSpec, file: string, path: Path): readonly Diagnostic[] =>
  command[0]?.trim() === '' ? [diagnose('input/missing-command', { file, path: [...path, 'command', 0] }, { problem: 'names no program' })] : [];
