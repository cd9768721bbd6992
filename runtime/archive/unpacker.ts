import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure, type StepFailure } from '../base/failure.js';
import { entryPath } from './entry-path.js';
import type { ArchiveLimits } from './limits.js';

export interface Archive {
  /** The file. */
  readonly path: string;
  /** Its name, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Writes what a reader of archives finds, below one folder that only this program fills. */
export interface Unpacker {
  /** Counts unpacked bytes against the limits. */
  count(bytes: number): void;
  folder(name: string): Promise<void>;
  file(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** The failure for an entry that is not a file or a folder. */
  refuse(name: string, problem: string): StepFailure;
  /** How many files were written. */
  readonly files: () => number;
}

/** Makes files and folders below `root`, which is empty, up to the limits. */
export function createUnpacker(archive: Archive, root: string, limits: ArchiveLimits): Unpacker {
  const made = new Map<string, 'file' | 'folder'>([['', 'folder']]);
  let entries = 0;
  let bytes = 0;
  let files = 0;
  const refuse = (entry: string, problem: string): StepFailure => failure('runtime/unsafe-archive', { archive: archive.name, entry, problem });
  const exceeded = (problem: string): StepFailure => failure('runtime/archive-limit', { archive: archive.name, problem });

  const place = (name: string): string => {
    entries += 1;
    if (entries > limits.entries) throw exceeded(`holds more than ${String(limits.entries)} entries`);
    const { path, problem } = entryPath(name, limits);
    if (problem !== undefined) throw refuse(name, problem);
    return path;
  };
  const makeFolder = async (path: string, name: string): Promise<void> => {
    const there = made.get(path);
    if (there === 'folder') return;
    if (there === 'file') throw refuse(name, 'is a file and a folder');
    await makeFolder(parentOf(path), name);
    await mkdir(join(root, path), { mode: 0o755 });
    made.set(path, 'folder');
  };

  return {
    refuse,
    files: () => files,
    count: (more) => {
      bytes += more;
      if (bytes > limits.bytes) throw exceeded(`unpacks to more than ${String(limits.bytes)} bytes`);
      if (bytes > limits.ratioFrom && bytes > limits.ratio * archive.size)
        throw exceeded(`unpacks to more than ${String(limits.ratio)} times its size`);
    },
    folder: async (name) => {
      await makeFolder(place(name), name);
    },
    file: async (name, content) => {
      const path = place(name);
      if (made.has(path)) throw refuse(name, 'is there twice');
      await makeFolder(parentOf(path), name);
      made.set(path, 'file');
      files += 1;
      await writeNew(join(root, path), content);
    },
  };
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}

/** Never follows or replaces anything that is there. */
async function writeNew(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
  try {
    for await (const chunk of content) await handle.writeFile(chunk);
  } finally {
    await handle.close();
  }
}
