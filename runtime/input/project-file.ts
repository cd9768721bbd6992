import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../base/failure.js';
import { isMissing } from '../base/files.js';
import { readModelBlock, type NamedModel, type Refuse } from './project-yaml.js';

/** ODAHU's names of the file, in its order. */
export const projectFiles = ['odahuflow.project.yaml', 'odahuflow.project.yml'] as const;
/** Bytes. A real one has a few hundred. */
const longest = 65_536;

/** `model.name` and `model.version` of the project file at the root of a model, where it has one. */
export async function readProjectFile(model: string): Promise<NamedModel> {
  for (const file of projectFiles) {
    const refuse: Refuse = (problem) => {
      throw failure('runtime/bad-model-description', { file, problem });
    };
    const bytes = await readStart(join(model, file), refuse);
    if (bytes === undefined) continue;
    if (bytes.length > longest) return refuse('is longer than 64 KiB');
    return readModelBlock(decode(bytes, refuse), refuse);
  }
  return {};
}

/** At most one byte more than is allowed. */
async function readStart(path: string, refuse: Refuse): Promise<Uint8Array | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) return refuse('is no regular file');
      const buffer = Buffer.alloc(longest + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    // A link.
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return refuse('is no regular file');
    throw error;
  }
}

function decode(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('is not UTF-8 text');
  }
}
