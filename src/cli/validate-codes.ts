import { diagnose } from '../diagnostics/diagnose.js';
import type { Diagnostic, SourceWindow } from '../diagnostics/diagnostic.js';
import type { Violation, ViolationCode } from '../oip/violation.js';

/** The code of the catalogue, which has a page, for each code of the validator. */
const codes = {
  'E-JSON': 'validate/e-json',
  'E-DEPTH': 'validate/e-depth',
  'E-LIMIT': 'validate/e-limit',
  'E-DUPKEY': 'validate/e-dupkey',
  'E-NOT-OBJECT': 'validate/e-not-object',
  'E-MISSING': 'validate/e-missing',
  'E-TYPE': 'validate/e-type',
  'E-EMPTY-INPUTS': 'validate/e-empty-inputs',
  'E-DATATYPE': 'validate/e-datatype',
  'E-SHAPE-NEG': 'validate/e-shape-neg',
  'E-SHAPE-RANGE': 'validate/e-shape-range',
  'E-COUNT': 'validate/e-count',
  'E-NULL-ELEMENT': 'validate/e-null-element',
  'E-RANGE': 'validate/e-range',
  'E-PARAM-TYPE': 'validate/e-param-type',
  'E-BINARY-IN-FILE': 'validate/e-binary-in-file',
  'E-DUP-TENSOR': 'validate/e-dup-tensor',
  'E-ID-ECHO': 'validate/e-id-echo',
  'E-OUTPUT-NOT-REQUESTED': 'validate/e-output-not-requested',
  'C-COERCE': 'validate/c-coerce',
  'C-RAGGED': 'validate/c-ragged',
  'W-NULL-OPTIONAL': 'validate/w-null-optional',
  'W-UNKNOWN-MEMBER': 'validate/w-unknown-member',
  'W-FP16-JSON': 'validate/w-fp16-json',
  'W-BF16': 'validate/w-bf16',
} as const satisfies Record<ViolationCode, string>;

/** A violation as a diagnostic of its file; its weight is the profile's, its pointer that of the window, without keys. */
export function toDiagnostic(file: string, { code, severity, message, offset }: Violation, window: SourceWindow): Diagnostic {
  const place = window.pointer === '' ? '' : `${window.pointer}: `;
  const where = { file, start: offset, end: offset + 1, window };
  return { ...diagnose(codes[code], where, { message: `${place}${message} (byte ${String(offset)})` }), severity };
}
