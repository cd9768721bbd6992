import type { Severity, ViolationCode } from './violation.js';

export const profiles = ['spec', 'odahu', 'portable'] as const;
/**
 * How the protocol is read. `spec`: what its text requires, nothing converted. `odahu`: what ODAHU's own validator
 * refuses (what is no JSON, or of the wrong JSON type); the rest are warnings. `portable`: also what two of Triton,
 * OpenVINO Model Server and KServe refuse.
 */
export type Profile = (typeof profiles)[number];

type Weight = Severity | 'silent';
const always = { odahu: 'error', spec: 'error', portable: 'error' } as const;
const content = { odahu: 'warning', spec: 'error', portable: 'error' } as const;
const unusual = { odahu: 'silent', spec: 'warning', portable: 'warning' } as const;
const notPortable = { odahu: 'silent', spec: 'warning', portable: 'error' } as const;

const weights: Readonly<Record<ViolationCode, Readonly<Record<Profile, Weight>>>> = {
  'E-JSON': always,
  'E-DEPTH': always,
  'E-LIMIT': always,
  'E-DUPKEY': always,
  'E-NOT-OBJECT': always,
  'E-TYPE': always,
  // The data is not in the file, whoever reads it.
  'E-BINARY-IN-FILE': always,
  'E-MISSING': content,
  'E-EMPTY-INPUTS': content,
  'E-DATATYPE': content,
  'E-SHAPE-NEG': content,
  'E-SHAPE-RANGE': content,
  'E-COUNT': content,
  'E-NULL-ELEMENT': content,
  'E-RANGE': content,
  'E-PARAM-TYPE': content,
  'E-DUP-TENSOR': content,
  'E-ID-ECHO': content,
  'E-OUTPUT-NOT-REQUESTED': content,
  'C-COERCE': content,
  'C-RAGGED': content,
  'W-NULL-OPTIONAL': notPortable,
  'W-UNKNOWN-MEMBER': unusual,
  'W-FP16-JSON': notPortable,
  'W-BF16': notPortable,
};

/** Whether a profile takes a violation for an error or a warning, or passes over it. */
export const weightOf = (code: ViolationCode, profile: Profile): Weight => weights[code][profile];
