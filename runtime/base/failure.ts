import type { ClusterProgram } from '../../src/contract/cluster-programs.js';
import type { StepName } from '../../src/contract/paths.js';
import { reasons, type Reason, type ReasonArguments, type ReasonCode } from '../../src/contract/reasons.js';

/** A failure of the run that has a reason: thrown by the parts of a step, caught where the step is wrapped. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  constructor(
    readonly reason: ReasonCode,
    /** Exit code of the run. */
    readonly code: number,
    readonly sentence: string,
    /** The step that failed, where it is not the one that found out. */
    readonly step: StepName | undefined,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

interface FailureOptions extends ErrorOptions {
  readonly step?: StepName;
  /** Instead of the reason's own. */
  readonly code?: number;
}

/** The failure of a reason, to be thrown. */
export function failure<C extends ReasonCode>(code: C, args: ReasonArguments<C>, options: FailureOptions = {}): StepFailure {
  const entry = reasons[code] as unknown as Reason<ReasonArguments<C>>;
  return new StepFailure(
    code,
    options.code ?? entry.exit,
    entry.sentence(args),
    options.step,
    'cause' in options ? { cause: options.cause } : undefined,
  );
}

const full: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the operating system refused has its own reasons; anything else that has none is a bug of ours. */
export function toStepFailure(error: unknown, step: StepName | ClusterProgram): StepFailure {
  if (error instanceof StepFailure) return error;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error && typeof error.syscall === 'string') {
    const { code, syscall } = error;
    if (full.has(code)) return failure('runtime/disk-full', { code }, { cause: error });
    return failure('runtime/io-error', { code, operation: syscall }, { cause: error });
  }
  return failure('runtime/internal-error', { step }, { cause: error });
}
