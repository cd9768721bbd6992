import { createHash, randomInt } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createKernel } from '../../src/json/kernel.js';
import { createDocumentValidator as createValidator, type DocumentValidator, type ValidatorOptions } from '../../src/oip/document-validator.js';
import type { Verdict } from '../../src/oip/violation.js';

/** What is known of a file after it was read once. */
export interface FileVerdict extends Verdict {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Reads files as documents of the protocol, piece by piece; one after the other. */
export interface FileValidator {
  validateFile(path: string): Promise<FileVerdict>;
}

/** Less makes more calls, more does not make it faster. */
const pieceSize = 1 << 16;

/** The validator, its buffers and its tables are made once for all files. */
export function createFileValidator(options: Omit<ValidatorOptions, 'nameKey'>): FileValidator {
  const accelerator = createKernel();
  const validator = createValidator({ ...options, nameKey: [randomInt(2 ** 32), randomInt(2 ** 32)], accelerator });
  const buffer = accelerator?.buffer ?? new Uint8Array(pieceSize);
  return {
    validateFile: async (path) => {
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await readAll(file, validator, buffer);
      } finally {
        await file.close();
      }
    },
  };
}

async function readAll(file: FileHandle, validator: DocumentValidator, buffer: Uint8Array): Promise<FileVerdict> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      validator.push(piece);
      size += bytesRead;
    }
  } catch (error) {
    // The next file begins anew.
    validator.end();
    throw error;
  }
  return { ...validator.end(), size, sha256: hash.digest('hex') };
}
