import type { JobRecord } from '../../src/contract/job-record.js';
import type { ReasonArguments } from '../../src/contract/reasons.js';
import { failure, type StepFailure } from '../base/failure.js';

interface Inspected {
  readonly validation: JobRecord['validation'];
  readonly allowEmpty: boolean;
  readonly invalid: ReasonArguments<'runtime/invalid-input'>;
}

/** Why a run with so many invalid files fails, or undefined where it goes on without them. */
export function intolerable({
  validation: { onInvalid, maxInvalidFiles, maxInvalidRatio },
  allowEmpty,
  invalid,
}: Inspected): StepFailure | undefined {
  if (onInvalid === 'fail') return failure('runtime/invalid-input', invalid);
  const tooMany = (limit: string, tolerated: string): StepFailure => failure('runtime/too-many-invalid', { ...invalid, limit, tolerated });
  const { invalid: count, total } = invalid;
  if (maxInvalidFiles !== undefined && count > maxInvalidFiles) return tooMany('maxInvalidFiles', String(maxInvalidFiles));
  // A quotient that is equal to the ratio as written rounds to the same number; a product may not (0.29 * 100 < 29).
  if (maxInvalidRatio !== undefined && count / total > maxInvalidRatio) return tooMany('maxInvalidRatio', `a share of ${String(maxInvalidRatio)}`);
  return count === total && !allowEmpty ? failure('runtime/no-valid-input', invalid) : undefined;
}
