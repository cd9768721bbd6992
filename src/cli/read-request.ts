import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { typeWord } from '../emit/disk.js';

/** More than any body that a listener takes: job bodies have some hundred bytes, and routes let 64 KiB through by default. */
const largest = 2 ** 20;

/** Opening a pipe without a writer does not block. Windows does not know the flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The bytes of a job body, or a text that says what is wrong with its file. */
export const readRequest = (path: string): Uint8Array | string => readRegularFile(path, largest);

/** The bytes of a file, or a text that says what is wrong with it. Only of a regular file: a pipe or device may never end. */
export function readRegularFile(path: string, largest: number): Uint8Array | string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, openFlags);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return `it is a ${typeWord(stat)}, and only a regular file is read`;
    const bytes = new Uint8Array(largest + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count) {
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return length > largest ? `it is larger than ${largest / 2 ** 20} MiB` : bytes.subarray(0, length);
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
