import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../base/failure.js';
import { isMissing } from '../base/files.js';

/** Where the Secret of one connection is mounted. */
export interface SecretFolder {
  readonly connection: string;
  readonly folder: string;
  /** What the Secret itself is called. */
  readonly name: string;
  /** Our names for its keys, which are those of the files, and the Secret's own. */
  readonly keys: Readonly<Record<string, string>>;
}

/** No credential of any store is nearly as long. */
const longest = 65_536;

/** The value for a key, or undefined where the Secret or the key is missing. Checked to be one line of text. */
export async function readSecret(secret: SecretFolder, key: string, form: 'line' | 'document' = 'line'): Promise<string | undefined> {
  if (!Object.hasOwn(secret.keys, key)) return undefined;
  const refuse = (problem: string): never => {
    throw failure('runtime/bad-secret', { ...inMessages(secret, key), problem });
  };
  const bytes = await readMounted(join(secret.folder, key), longest);
  if (bytes === undefined) return undefined;
  if (bytes === 'no file') return refuse('is no regular file in the folder where the Secret is mounted');
  if (bytes.length > longest) return refuse('is longer than 64 KiB');
  const value = decodeUtf8(bytes);
  if (value === undefined) return refuse('is not UTF-8 text');
  if (value.trim() === '') return refuse('is empty');
  if (form === 'line' && value.trim() !== value)
    return refuse('begins or ends with a blank or a line break; store it without (with printf rather than echo)');
  return value;
}

/**
 * At most one byte more than is allowed (`longest`). A mounted Secret holds links to files, so links are followed; what they lead to
 * must be a file: opening a pipe would wait for its writer for ever.
 */
export async function readMounted(path: string, longest: number): Promise<Uint8Array | 'no file' | undefined> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) return 'no file';
      const buffer = Buffer.alloc(longest + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    // A socket, or a device without a driver.
    if (error instanceof Error && 'code' in error && error.code === 'ENXIO') return 'no file';
    throw error;
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same for a key that must be there. */
export async function requireSecret(secret: SecretFolder, key: string, form?: 'line' | 'document'): Promise<string> {
  const value = await readSecret(secret, key, form);
  if (value === undefined) throw missingSecret(secret, [key]);
  return value;
}

/** Says which keys a Secret lacks, by the names that its author knows. Makes the error; the caller throws it. */
export const missingSecret = (secret: SecretFolder, keys: readonly string[], hint?: string): Error => {
  const { connection, name } = secret;
  return failure('runtime/missing-secret', {
    connection,
    name,
    keys: keys.map((key) => inMessages(secret, key).key),
    ...(hint === undefined ? {} : { hint }),
  });
};

/** A key of a Secret as its author knows it. */
export const inMessages = ({ connection, name, keys }: SecretFolder, key: string): Readonly<Record<'connection' | 'name' | 'key', string>> => ({
  connection,
  name,
  key: keys[key] ?? key,
});
