/** What a cluster takes at most, as far as definitions that their schemas allow can pass it. Our own budgets are in docs/operations.md. */
export const limits = {
  /**
   * Bytes of one string in the environment of a program: its name, `=`, its value and a closing NUL. Linux has 32 pages, and
   * the smallest pages have 4 KiB. A container beyond it does not start: "argument list too long".
   *
   * @see https://man7.org/linux/man-pages/man2/execve.2.html (MAX_ARG_STRLEN)
   */
  environmentString: 131_072,
  /**
   * Characters of one CEL expression. The API server refuses a longer one; Tekton Triggers takes it and drops every event.
   *
   * @see https://github.com/google/cel-go/blob/v0.30.0/parser/parser.go (expressionSizeCodePointLimit)
   */
  expression: 100_000,
  /**
   * Bytes of one object, as JSON.
   *
   * @see https://etcd.io/docs/v3.5/dev-guide/limit/ (request size limit)
   */
  object: 1_572_864,
} as const;

/** What a server adds to an object: who manages which field, times, conditions. */
export const addedByServer = 32 * 1024;
/** What a status says of one attempt beside its copy of the Task: nine steps with their images, states and results. */
export const addedByAttempt = 16 * 1024;
