import { closeSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDiskError, reasonOf } from '../emit/disk.js';
import { findSecrets } from '../source/find-secrets.js';
import { openFile } from './open-file.js';

/** More than any body that a listener takes: job bodies have some hundred bytes, and routes let 64 KiB through by default. */
const largest = 2 ** 20;

/** The bytes of a key, or a text that says what is wrong with its file. */
export const readKeyFile = (path: string): Uint8Array | string => readRegularFile(path, largest);

/** The word for standard input where a command line names a request. A file of this name is `./-`. */
const standardInput = '-';

/** What messages call the file of a request. */
export const requestName = (file: string): string => (file === standardInput ? '(standard input)' : file);

/** The bytes of a job body, or a text that says what is wrong with its file. `file` is as the command line names it: `-` is standard input. */
export function readRequest(file: string, cwd: string): Uint8Array | string {
  const bytes =
    file === standardInput ? readDescriptor(0, largest) : readRegularFile(resolve(cwd, file), largest, `; ${standardInput} reads standard input`);
  return typeof bytes === 'string' ? bytes : (secretInRequest(bytes) ?? bytes);
}

/** A request becomes params of a run, which stay in the cluster and are shown to everybody who may read runs. */
export function secretInRequest(bytes: Uint8Array): string | undefined {
  const [found] = findSecrets(new TextDecoder().decode(bytes));
  return found && `it holds ${found.kind}, and what a request says everybody sees who may read runs: revoke the key, and leave it out`;
}

/** The bytes of a file, or a text that says what is wrong with it. `largest` is in bytes; `instead` follows what is said of what is no file. */
export function readRegularFile(path: string, largest: number, instead = ''): Uint8Array | string {
  const opened = openFile(path);
  if ('kind' in opened) return `it is ${opened.kind}, and only a regular file is read${instead}`;
  if ('problem' in opened) return `it cannot be read: ${opened.problem}`;
  try {
    return readDescriptor(opened.descriptor, largest);
  } finally {
    closeSync(opened.descriptor);
  }
}

/** To its end, however long the writer of a pipe takes, but never more than one byte beyond `largest`. */
function readDescriptor(descriptor: number, largest: number): Uint8Array | string {
  try {
    const bytes = new Uint8Array(largest + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count) count = readSome(descriptor, bytes.subarray(length));
    return length > largest ? `it is larger than ${largest / 2 ** 20} MiB` : bytes.subarray(0, length);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return `it cannot be read: ${reasonOf(error)}`;
  }
}

/** How many bytes it read; 0 at the end. */
function readSome(descriptor: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      if (!isDiskError(error)) throw error;
      // So does Windows tell the end of a pipe.
      if (error.code === 'EOF') return 0;
      // Whoever gave us a pipe may have made it non-blocking, and its writer is not ready yet.
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
