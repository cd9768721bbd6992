import { error, warning } from '../define.js';

/** What the validator says already: a sentence, which ends with what is expected where there is something. */
const violation = error<{ message: string }>(({ message }) => message);
const unusual = warning<{ message: string }>(({ message }) => message);

/** Violations of the Open Inference Protocol; how much one weighs is a matter of the profile. */
export const validateCatalogue = {
  'validate/e-json': violation,
  'validate/e-depth': violation,
  'validate/e-limit': violation,
  'validate/e-dupkey': violation,
  'validate/e-not-object': violation,
  'validate/e-missing': violation,
  'validate/e-type': violation,
  'validate/e-empty-inputs': violation,
  'validate/e-datatype': violation,
  'validate/e-shape-neg': violation,
  'validate/e-shape-range': violation,
  'validate/e-count': violation,
  'validate/e-null-element': violation,
  'validate/e-range': violation,
  'validate/e-param-type': violation,
  'validate/e-binary-in-file': violation,
  'validate/e-dup-tensor': violation,
  'validate/e-id-echo': violation,
  'validate/e-output-not-requested': violation,
  'validate/c-coerce': violation,
  'validate/c-ragged': violation,
  'validate/w-null-optional': unusual,
  'validate/w-unknown-member': unusual,
  'validate/w-fp16-json': unusual,
  'validate/w-bf16': unusual,
  'validate/not-a-file': error<{ kind: string }>(
    ({ kind }) => `is ${kind}, and only files are checked`,
    () => 'give files; of a folder, FOLDER/*.json',
  ),
  'validate/unreadable': error<{ problem: string }>(({ problem }) => `cannot be read: ${problem}`),
};
