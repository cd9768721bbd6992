import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { isDiskError, reasonOf, typeWord } from '../emit/disk.js';

/** A regular file that is open, what is there in its place, or why the system refuses it. */
export type Opened = { readonly descriptor: number } | { readonly kind: string } | { readonly problem: string };

/** Opening a pipe without a writer does not block. Windows does not know the flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens what a command line names; whoever asks closes it. Only a regular file: a pipe or device may never end. */
export function openFile(path: string): Opened {
  let descriptor: number;
  try {
    descriptor = openSync(path, openFlags);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return { problem: reasonOf(error) };
  }
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return { descriptor };
  closeSync(descriptor);
  return { kind: `a ${typeWord(stat)}` };
}
