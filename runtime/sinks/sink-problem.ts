/**
 * Why a sink did not take a record. `problem` completes "The feedback sink fluentd at fluentd.example.com:24224 …" and
 * holds nothing that the sink sent: it may repeat a credential.
 */
export class SinkProblem extends Error {
  override readonly name = 'SinkProblem';
  constructor(
    /** `unavailable` may be over later; the others need a person. */
    readonly kind: 'unavailable' | 'refused' | 'secret',
    readonly problem: string,
    options?: ErrorOptions,
    /** Nothing came in time. */
    readonly isTimeout = false,
  ) {
    super(problem, options);
  }
}

/** What is told of a sink that is given up: not that the last attempt had no time left, if there was a better reason before. */
export const moreTelling = (latest: SinkProblem, before: SinkProblem | undefined, left: number): SinkProblem =>
  before && latest.isTimeout && left === 0 ? before : latest;

/** The code of an error of Node or of the operating system: `ECONNREFUSED`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no reason given';

/** X.509 errors have no common beginning. */
const certificate = /CERT|^UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$/;
const tls = /^(?:EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/;

/** What an error of a connection says about the sink. */
export function connectionProblem(error: unknown): SinkProblem {
  if (error instanceof SinkProblem) return error;
  const code = codeOf(error);
  if (certificate.test(code)) return new SinkProblem('refused', `has a certificate that is not trusted (${code})`, { cause: error });
  if (tls.test(code)) return new SinkProblem('refused', `cannot be spoken to by TLS (${code})`, { cause: error });
  return new SinkProblem('unavailable', `cannot be reached (${code})`, { cause: error });
}
