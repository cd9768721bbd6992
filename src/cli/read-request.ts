import { closeSync, readSync } from 'node:fs';
import { isDiskError, reasonOf } from '../emit/disk.js';
import { findSecrets } from '../source/find-secrets.js';
import { openFile } from './open-file.js';

/** More than any body that a listener takes: job bodies have some hundred bytes, and routes let 64 KiB through by default. */
const largest = 2 ** 20;

/** The bytes of a key, or a text that says what is wrong with its file. */
export const readKeyFile = (path: string): Uint8Array | string => readRegularFile(path, largest);

/** The bytes of a job body, or a text that says what is wrong with its file. */
export function readRequest(path: string): Uint8Array | string {
  const bytes = readRegularFile(path, largest);
  return typeof bytes === 'string' ? bytes : (secretInRequest(bytes) ?? bytes);
}

/** A request becomes params of a run, which stay in the cluster and are shown to everybody who may read runs. */
export function secretInRequest(bytes: Uint8Array): string | undefined {
  const [found] = findSecrets(new TextDecoder().decode(bytes));
  return found && `it holds ${found.kind}, and what a request says everybody sees who may read runs: revoke the key, and leave it out`;
}

/** The bytes of a file, or a text that says what is wrong with it. `largest` is in bytes. */
export function readRegularFile(path: string, largest: number): Uint8Array | string {
  const opened = openFile(path);
  if ('kind' in opened) return `it is ${opened.kind}, and only a regular file is read`;
  if ('problem' in opened) return `it cannot be read: ${opened.problem}`;
  const { descriptor } = opened;
  try {
    const bytes = new Uint8Array(largest + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < bytes.length; length += count) {
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return length > largest ? `it is larger than ${largest / 2 ** 20} MiB` : bytes.subarray(0, length);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return `it cannot be read: ${reasonOf(error)}`;
  } finally {
    closeSync(descriptor);
  }
}
