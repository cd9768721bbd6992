/** What a command may use of the process it runs in. Files are reached through the commands' own modules. */
export interface CliIo {
  /** The product of a command. The text ends in a newline if it is to. */
  stdout(text: string): void;
  /** Diagnostics and everything that is not the product. */
  stderr(text: string): void;
  /** A line on a terminal that stands below the rest until the next one, or nothing with an empty text; undefined where there is no terminal. */
  readonly status?: ((text: string) => void) | undefined;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stderr takes colours; `--no-color` of a command is not in it yet (`parseArguments` adds it). */
  readonly color: boolean;
}

/** One command of the binary. Each stands in a module of its own that is loaded when it is asked for. */
export interface Command {
  readonly name: string;
  /** One line for `millrace --help`, without a full stop. */
  readonly summary: string;
  /** One line: `millrace check [PATH…] [options]`. */
  readonly usage: string;
  /** The whole text of `millrace help NAME`, with at least one example; ends in a newline. */
  readonly help: string;
  /** Gives the exit code: 0 clean, 1 problems in the input. Wrong usage is a {@link UsageError}; anything else thrown is our bug. */
  run(args: readonly string[], io: CliIo): Promise<number>;
}

/** The command was called in a wrong way: exit code 2. The message is one sentence without a full stop. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to do instead, for example `did you mean --format?`. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
