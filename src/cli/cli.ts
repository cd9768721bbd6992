import { type CliIo, type Command, UsageError } from './command.js';
import { isCommandName, mainHelp, summaries } from './commands.js';
import type { LoadCommand } from './load-command.js';
import { packageVersion } from './package.js';

/** Runs one command line and gives its exit code. Never throws: what a command throws is worded here. */
export async function cli(argv: readonly string[], io: CliIo, load: LoadCommand): Promise<number> {
  const { name, args } = splitCommand(argv);
  try {
    if (name === undefined) return withoutCommand(args, io);
    if (name === 'help') return await help(args, io, load);
    const command = await findCommand(name, load);
    if (asksFor(args, '--help', '-h')) io.stdout(command.help);
    else if (asksFor(args, '--version')) io.stdout(version());
    else return await command.run(args, io);
    return 0;
  } catch (error) {
    if (isUsageError(error)) {
      io.stderr(await usageText(error, name, load));
      return 2;
    }
    io.stderr(bugText(error));
    return 3;
  }
}

/** Options may stand before the command, too: they are handed to it. `--root` and `--format` are followed by their value there. */
function splitCommand(argv: readonly string[]): { readonly name: string | undefined; readonly args: readonly string[] } {
  let at = 0;
  while (at < argv.length && argv[at]?.startsWith('-')) at += argv[at] === '--root' || argv[at] === '--format' ? 2 : 1;
  return { name: argv[at], args: [...argv.slice(0, at), ...argv.slice(at + 1)] };
}

const asksFor = (args: readonly string[], ...words: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((word) => words.includes(word));
};

const version = (): string => `${packageVersion()}\n`;

function withoutCommand(args: readonly string[], io: CliIo): number {
  if (asksFor(args, '--help', '-h')) io.stdout(mainHelp());
  else if (asksFor(args, '--version')) io.stdout(version());
  else if (args.length === 0) throw new UsageError('a command is missing');
  else throw new UsageError(`a command is missing after ${args.join(' ')}`);
  return 0;
}

async function help(args: readonly string[], io: CliIo, load: LoadCommand): Promise<number> {
  const [name, surplus] = args.filter((word) => word !== '--no-color');
  if (surplus !== undefined) throw new UsageError('help takes one command');
  io.stdout(name === undefined || asksFor(args, '--help', '-h') ? mainHelp() : (await findCommand(name, load)).help);
  return 0;
}

async function findCommand(name: string, load: LoadCommand): Promise<Command> {
  if (isCommandName(name)) return load(name);
  const { suggest } = await import('./suggest.js');
  throw new UsageError(`unknown command "${name}"`, suggest(name, [...Object.keys(summaries), 'help'], 'commands'));
}

/** By name: the commands come from a bundle that has a class of its own. */
const isUsageError = (error: unknown): error is UsageError => error instanceof Error && error.name === 'UsageError';

async function usageText({ message, hint }: UsageError, name: string | undefined, load: LoadCommand): Promise<string> {
  const command = isCommandName(name) ? await load(name) : undefined;
  // Here, for all of them: a message repeats what was given, which may act on a terminal, look like lines of ours, or be a key.
  const [{ escapeUnsafe }, { hideSecrets }] = await Promise.all([import('../base/text.js'), import('../base/secrets.js')]);
  const shown = (text: string): string => escapeUnsafe(hideSecrets(text));
  return [
    `millrace${command ? ` ${command.name}` : ''}: ${shown(message)}`,
    ...(hint === undefined ? [] : [`hint: ${shown(hint)}`]),
    `usage: ${command ? command.usage : 'millrace COMMAND [ARGUMENT…] [OPTION…]'}`,
    `help: millrace ${command ? `help ${command.name}` : '--help'}`,
    '',
  ].join('\n');
}

/** What a user sees of our own mistake: enough to report it. */
export function bugText(error: unknown): string {
  return `millrace: this is a bug in millrace, not in your files.
Please report it with the text below and, if you may, the definitions that cause it.

millrace ${packageVersion()}, node ${process.version}, ${process.platform} ${process.arch}
${describe(error)}
`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
