/** Nobody answered, or nobody whom we may trust. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  constructor(
    readonly kind: 'unreachable' | 'untrusted',
    /** Completes "…: ". */
    readonly words: string,
    /** Whether it may work in a moment. */
    readonly passes: boolean,
    options?: ErrorOptions,
  ) {
    super(words, options);
  }
}
