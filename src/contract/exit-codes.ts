/**
 * Exit codes of the runtime's steps. A predictor's own exit code is passed on as it is.
 */
export const exitCodes = {
  ok: 0,
  /** Our bug. */
  bug: 1,
  /** Input, output, model, request or Secret is not what it must be: trying again changes nothing. */
  invalid: 2,
  /** A limit was exceeded. */
  limit: 3,
  /** Transient I/O: trying again may help. */
  io: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
