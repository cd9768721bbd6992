/** Reads README.md as what it promises: files that are in the repository, and commands with their output. */
import { readFileSync } from 'node:fs';

export const root = new URL('../../', import.meta.url);
export const readme = readFileSync(new URL('README.md', root), 'utf8');

export interface FileExcerpt {
  readonly path: string;
  readonly text: string;
}

/** Blocks that follow `<!-- file: PATH -->`. */
export const fileExcerpts = (): readonly FileExcerpt[] =>
  [...readme.matchAll(/<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)```/g)].map(([, path = '', text = '']) => ({ path, text }));

export interface ConsoleCommand {
  readonly command: string;
  readonly output: string;
}

/** `console` blocks: a line `$ COMMAND`, then what it prints on both streams. */
export const consoleCommands = (): readonly ConsoleCommand[] =>
  [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...lines] = part.split('\n');
        return { command, output: lines.join('\n').trim() };
      }),
  );

/** A line `…` (or one that ends a line) stands for anything; numbers of seconds and hashes vary. */
export function matchesExcerpt(actual: string, excerpt: string): boolean {
  const pattern = normalise(excerpt)
    .trim()
    .split('\n')
    .map((line) => (line.trim().replace(/^#\s*/, '') === '…' ? '[\\s\\S]*?' : escape(line.trimEnd()).replaceAll('…', '.*')))
    .join('\n')
    .replaceAll('\n[\\s\\S]*?\n', '\n[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(
    normalise(actual)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trim(),
  );
}

const normalise = (text: string): string => text.replace(/\b\d+(?:\.\d+)? ?m?s\b/g, 'TIME').replace(/ +TIME/g, ' TIME');
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
