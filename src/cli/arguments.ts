import { parseArgs } from 'node:util';
import { UsageError } from './command.js';
import { suggest } from './suggest.js';

/** Options of one command by their long name, in the words of node:util. */
export type OptionTable = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean; readonly short?: string }>>;

/** Options that every command takes. */
export const commonOptions = { root: { type: 'string' }, 'no-color': { type: 'boolean' } } as const;

type Parsed<T extends OptionTable> = ReturnType<typeof parseArgs<{ args: string[]; options: T; strict: true; allowPositionals: true }>>;

export interface ParsedArguments<T extends OptionTable> {
  readonly values: Parsed<T>['values'];
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of a command. Everything that is wrong is a {@link UsageError} in our own words.
 *
 * @param limits how many words that are no options the command takes, and what they are called in its usage line
 */
export function parseArguments<const T extends OptionTable>(
  args: readonly string[],
  options: T,
  limits: { readonly least: number; readonly most: number; readonly name: string },
): ParsedArguments<T> {
  let parsed: Parsed<T>;
  try {
    parsed = parseArgs<{ args: string[]; options: T; strict: true; allowPositionals: true }>({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')) throw explain(args, options);
    throw error;
  }
  const empty = Object.entries(parsed.values).find(([, value]) => (Array.isArray(value) ? value.includes('') : value === ''));
  if (empty) throw new UsageError(`--${empty[0]} needs a value`);
  const { positionals } = parsed;
  const surplus = positionals[limits.most];
  if (surplus !== undefined) {
    throw new UsageError(
      limits.most === 0 ? `"${surplus}" was not expected: this command takes options only` : `"${surplus}" is one ${limits.name} too many`,
    );
  }
  if (positionals.length < limits.least) throw new UsageError(`${limits.name} is missing`);
  return { values: parsed.values, positionals };
}

/** The value of an option that takes one of a few words; undefined where it is not given. */
export function choice<T extends string>(option: string, value: string | undefined, words: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const word = words.find((each) => each === value);
  if (word === undefined) throw new UsageError(`${option} "${value}" is none of ${words.join(', ')}`, suggest(value, words, 'words'));
  return word;
}

/** Finds the first option that the strict parser refused; its own message would speak of positionals and of `--` tricks. */
function explain(args: readonly string[], options: OptionTable): UsageError {
  const known = Object.keys(options).map((name) => `--${name}`);
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    const short = token.rawName.startsWith('--') ? '' : token.rawName;
    if (!option) return new UsageError(`unknown option ${short || `--${token.name}`}`, suggest(`--${token.name}`, known, 'options'));
    if (option.type === 'boolean' && token.value !== undefined) return new UsageError(`--${token.name} takes no value`);
    if (option.type === 'string' && (token.value === undefined || (!token.inlineValue && token.value.startsWith('-')))) {
      return new UsageError(`--${token.name} needs a value`);
    }
  }
  return new UsageError('these arguments were not understood');
}
