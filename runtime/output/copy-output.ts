import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeName, notUtf8, showBytes } from '../../src/base/file-name.js';
import type { FileRecord } from '../../src/contract/job-record.js';
import { failure } from '../base/failure.js';
import { isLostAndFound } from '../base/files.js';
import { outputNameProblem } from './output-name.js';
import { fromPredictor } from './predictor-fault.js';
import { openFolder, type SafeFolder } from './safe-folder.js';

interface Places {
  readonly publish: string;
  /** Path of the destination, for the length of keys. */
  readonly destination: string;
}

/**
 * Copies what the predictor wrote, and hashes what it copies: the predictor may still be running, and a link to what it
 * wrote would let it change what is published after it was checked. Anything but plain files and folders is a failure.
 */
export async function copyOutput(output: string, places: Places): Promise<readonly FileRecord[]> {
  const records: FileRecord[] = [];
  const root = await fromPredictor('', () => openFolder(output));
  try {
    await copyFolder(root, '', places, records);
  } finally {
    await root.close();
  }
  return records;
}

async function copyFolder(folder: SafeFolder, prefix: string, places: Places, records: FileRecord[]): Promise<void> {
  for (const bytes of await fromPredictor(prefix, () => folder.names())) {
    const name = decodeName(bytes);
    if (name === undefined) throw failure('runtime/bad-output-name', { file: `${prefix}${showBytes(bytes)}`, problem: notUtf8 });
    const path = `${prefix}${name}`;
    const problem = outputNameProblem(path, places.destination);
    if (problem !== undefined) throw failure('runtime/bad-output-name', { file: path, problem });
    const { kind, owner } = await fromPredictor(path, () => folder.look(bytes));
    if (kind !== 'file' && kind !== 'folder') throw failure('runtime/unsafe-output', { file: path, kind });
    if (kind === 'folder' && isLostAndFound(path, owner)) continue;
    if (path.startsWith('_')) throw failure('runtime/reserved-output-name', { file: path });
    await (kind === 'folder' ? copySubfolder(folder, bytes, path, places, records) : copyFile(folder, bytes, path, places, records));
  }
}

async function copySubfolder(parent: SafeFolder, name: Buffer, path: string, places: Places, records: FileRecord[]): Promise<void> {
  const folder = await fromPredictor(path, () => parent.folder(name));
  try {
    await copyFolder(folder, `${path}/`, places, records);
  } finally {
    await folder.close();
  }
}

async function copyFile(folder: SafeFolder, name: Buffer, path: string, { publish }: Places, records: FileRecord[]): Promise<void> {
  const source = await fromPredictor(path, () => folder.file(name));
  try {
    // What was opened, not what had the name a moment ago.
    const found = await fromPredictor(path, () => source.stat());
    const { size, nlink } = found;
    if (!found.isFile()) throw failure('runtime/unsafe-output', { file: path, kind: 'no plain file' });
    if (nlink !== 1) throw failure('runtime/unsafe-output', { file: path, kind: 'a file with a second name (a hard link)' });
    await requireSpace(publish, size);
    const target = join(publish, path);
    await mkdir(dirname(target), { recursive: true });
    const destination = await open(target, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
    try {
      records.push({ path, size, sha256: await copyBytes(source, destination, size, path) });
    } finally {
      await destination.close();
    }
  } finally {
    await source.close();
  }
}

/** Copies exactly `size` bytes; a file that is shorter or goes on is being written. */
async function copyBytes(source: FileHandle, destination: FileHandle, size: number, path: string): Promise<string> {
  const hash = createHash('sha256');
  // One byte more than is expected tells whether the file goes on.
  const buffer = Buffer.allocUnsafe(Math.min(size + 1, 1 << 20));
  let copied = 0;
  for (;;) {
    const { bytesRead } = await fromPredictor(path, () => source.read(buffer, 0, buffer.length, null));
    if (bytesRead === 0) break;
    copied += bytesRead;
    if (copied > size) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await destination.writeFile(chunk);
  }
  if (copied !== size) throw failure('runtime/output-changed', { file: path });
  return hash.digest('hex');
}

/** From this size on it is worth a question. */
const largeFile = 1 << 26;

/** A file may say that it is larger than any disk and take none itself; the copy would fill the node's before it failed. */
async function requireSpace(publish: string, size: number): Promise<void> {
  if (size < largeFile) return;
  const { bavail, bsize } = await statfs(publish);
  if (size > bavail * bsize) throw failure('runtime/disk-full', { code: 'ENOSPC' });
}
