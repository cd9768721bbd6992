/** A bug of ours, never a problem in the input: the command line shows it with version and stack. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Holds, or this program is wrong. What a user can cause is a diagnostic instead. */
export function assertInvariant(condition: unknown, message: string, cause?: unknown): asserts condition {
  if (!condition) throw new InvariantError(message, cause === undefined ? undefined : { cause });
}

/** For the end of a `switch` over a union: does not compile while a member is left. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value: ${JSON.stringify(value)}`);
}
