import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { files } from '../../src/contract/paths.js';
import type { TakeFacts } from '../../src/oip/expectations.js';
import type { AskedLine } from './asked.js';

/** Keeps what requests ask for, file after file, in the order of their names' bytes. Writes at once: the validator does not wait. */
export interface AskedWriter {
  /** The requests of this file come. */
  begin(file: string): void;
  readonly take: TakeFacts;
  /** What the file asks for stays only where it is valid: nobody answers the others. */
  end(isValid: boolean): void;
  /** How many valid files there was no room for, at least for a part of them. */
  omitted(): number;
  close(): void;
}

/** Enough for the ids of two million requests, of the 1 GiB that the volume of the reports has. */
const allRoom = 128 << 20;
const bufferSize = 1 << 16;

/** @param room bytes; what comes after them is not kept, so the responses to it are not compared */
export function createAskedWriter(report: string, room = allRoom): AskedWriter {
  const path = join(report, files.requests);
  rmSync(path, { force: true });
  let descriptor: number | undefined;
  /** Bytes on the disk. */
  let written = 0;
  /** Of valid files, and of the one that is being read: what is not on the disk yet. */
  let kept = '';
  let current = '';
  let size = 0;
  let omitted = 0;
  let file = { name: '', start: 0, isNamed: false, isOmitted: false };

  const flush = (): void => {
    descriptor ??= openSync(path, 'wx', 0o644);
    for (let bytes = Buffer.from(kept + current); bytes.length > 0;) {
      const count = writeSync(descriptor, bytes, 0, bytes.length, written);
      bytes = bytes.subarray(count);
      written += count;
    }
    kept = '';
    current = '';
  };
  const add = (lines: readonly AskedLine[]): boolean => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const bytes = Buffer.byteLength(text);
    if (size + bytes > room) return false;
    size += bytes;
    current += text;
    if (current.length > bufferSize) flush();
    return true;
  };

  return {
    begin: (name) => {
      file = { name, start: size, isNamed: false, isOmitted: false };
    },
    take: ({ id, outputs }, place) => {
      if (file.isOmitted || (id === undefined && outputs === undefined)) return;
      const asked = { place, ...(id === undefined ? {} : { id }), ...(outputs ? { outputs: [...outputs] } : {}) };
      if (add([...(file.isNamed ? [] : [{ file: file.name }]), asked])) file.isNamed = true;
      else file.isOmitted = true;
    },
    end: (isValid) => {
      if (isValid) {
        if (file.isOmitted) omitted += 1;
        kept += current;
      } else {
        size = file.start;
        if (descriptor !== undefined && written > size) {
          ftruncateSync(descriptor, size);
          written = size;
        }
      }
      current = '';
      if (kept.length > bufferSize) flush();
    },
    omitted: () => omitted,
    close: () => {
      try {
        if (kept !== '') flush();
      } finally {
        if (descriptor !== undefined) closeSync(descriptor);
      }
    },
  };
}
