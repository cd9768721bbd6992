import fs from 'node:fs';
import type { Stats } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { startsLikeOurs } from './header.js';

/** What the writer does to a disk, as a value, so that a test can make any of it fail. Only `emit/` and `cli/` use a real one. */
export type Disk = Pick<
  typeof fs,
  | 'closeSync'
  | 'fsyncSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'statSync'
  | 'unlinkSync'
  | 'writeFileSync'
>;

export const nodeDisk: Disk = fs;

/** What the operating system answered, as opposed to a bug of ours. */
export interface DiskError extends Error {
  readonly code: string;
  readonly path?: string;
  /** Of a rename: where to. */
  readonly dest?: string;
}

/** Whether a call to the file system threw it, rather than a bug of ours. */
export const isDiskError = (error: unknown): error is DiskError =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';

/** For what a disk does wrong without saying so. */
export const diskError = (code: string, words: string, path: string): DiskError =>
  Object.assign(new Error(`${code}: ${words}, '${path}'`), { code, syscall: 'read', path });

/** `no space left on device (ENOSPC)` */
export function reasonOf({ code, message }: DiskError): string {
  const [, words] = /^[A-Z0-9]+: ([^,]+)/.exec(message) ?? [];
  return words === undefined ? code : `${words} (${code})`;
}

/** Does what may fail with one of these codes; any other failure is thrown on. */
export function tolerate(codes: readonly string[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isDiskError(error) || !codes.includes(error.code)) throw error;
  }
}

/** Why an action failed, or undefined. A bug of ours is thrown on. */
export function attempt(action: () => void): DiskError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isDiskError(error)) return error;
    throw error;
  }
}

/** For what the next run makes good if it fails now. */
export const quietly = (action: () => void): void => void attempt(action);

/** Undefined where nothing is. Never follows a symbolic link. */
export const statOf = (disk: Disk, path: string): Stats | undefined => disk.lstatSync(path, { throwIfNoEntry: false });

/** A word for what stands at a path, for diagnostics. */
export function typeWord(stat: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket'>): string {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return 'symbolic link';
  if (stat.isFIFO()) return 'pipe';
  return stat.isSocket() ? 'socket' : 'device';
}

/** Never through a symbolic link, and a pipe without a writer does not block. Windows knows neither flag. */
const openFlags = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
const headLength = 16;
/** Of a file of ours, in bytes. The largest there may be, a namespace's, are a thousandth of it. */
const largest = 64 * 2 ** 20;

/** What is read or written, one file after the other: a buffer for each would be a third of the memory of a synth. */
let scratch = Buffer.alloc(1 << 16);

function grow(size: number): void {
  if (size <= scratch.length) return;
  const larger = Buffer.alloc(2 ** Math.ceil(Math.log2(size)));
  scratch.copy(larger);
  scratch = larger;
}

/** A text as UTF-8, until the next text is read or encoded. */
export function encode(text: string): Uint8Array {
  // No character takes more than three bytes for each of its code units.
  grow(text.length * 3);
  return scratch.subarray(0, scratch.write(text, 'utf8'));
}

/**
 * The text of a regular file; of a file that is not ours only its beginning, since it may be large and is none of our
 * business. Bytes that are no UTF-8 become a text that no hash of ours fits; a file that begins like ours and is far too
 * large for one is an error of the disk.
 */
export function readText(disk: Disk, path: string): string {
  const descriptor = disk.openSync(path, openFlags);
  try {
    let length = disk.readSync(descriptor, scratch, 0, headLength, null);
    const beginning = scratch.toString('latin1', 0, length);
    if (!startsLikeOurs(beginning)) return beginning;
    for (let count = length; count > 0; length += count) {
      if (length > largest) throw diskError('EFBIG', `larger than ${largest / 2 ** 20} MiB`, path);
      grow(length + 1);
      count = disk.readSync(descriptor, scratch, length, scratch.length - length, null);
    }
    const bytes = scratch.subarray(0, length);
    return isUtf8(bytes) ? bytes.toString('utf8') : `${bytes.toString('latin1')}\ufffd`;
  } finally {
    disk.closeSync(descriptor);
  }
}
