import { writeSync } from 'node:fs';
import { escapeUnsafe } from '../base/text.js';

const failed = new Set<1 | 2>();

/**
 * Writes to standard output (1) or standard error (2) at once. Node's own streams cost several milliseconds to set up,
 * which is much for a command that prints one line. The only way out for text: no character of a user's acts on a terminal.
 */
export function writeTo(descriptor: 1 | 2, text: string): void {
  if (statusShown) writeStatus('', 0);
  writeBytes(descriptor, forTerminal(text));
}

let statusShown = false;

/**
 * Puts a line on the terminal behind standard error, in the place of the one before, cut to its width (0: not known). What is written
 * next removes it.
 */
export function writeStatus(text: string, columns: number): void {
  if (!statusShown && text === '') return;
  statusShown = text !== '';
  writeBytes(2, `\r\x1b[K${escapeUnsafe(text).slice(0, (columns || 80) - 1)}`);
}

function writeBytes(descriptor: 1 | 2, text: string): void {
  if (failed.has(descriptor)) return;
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    onFailure(descriptor, error, bytes.subarray(written));
  }
}

function onFailure(descriptor: 1 | 2, error: unknown, rest: Uint8Array): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // The reader has gone (`millrace schema Platform | head -1`): nobody is left to tell.
  if (code === 'EPIPE') return;
  // Whoever started us gave us a pipe that does not block, and it is full: Node's stream waits for the reader.
  if (code === 'EAGAIN') {
    const stream = descriptor === 1 ? process.stdout : process.stderr;
    stream.on('error', (later) => onFailure(descriptor, later, rest.subarray(rest.length)));
    stream.write(rest);
    return;
  }
  process.exitCode = 1;
  // The next write would fail for the same reason (a full disk, for example): once is enough.
  failed.add(descriptor);
  if (descriptor === 1) writeTo(2, `millrace: cannot write to standard output: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** Characters that act on a terminal as escapes, but for line feeds, tabs and colours. */
const forTerminal = (text: string): string =>
  /^[\n\t\x20-\x7e]*$/.test(text)
    ? text
    : text
        .split(/(\x1b\[[0-9]{1,2}m|[\n\t])/)
        .map((part, index) => (index % 2 ? part : escapeUnsafe(part)))
        .join('');
