import { readFile } from 'node:fs/promises';
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
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(secret.folder, key));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const refuse = (problem: string): never => {
    throw failure('runtime/bad-secret', { ...inMessages(secret, key), problem });
  };
  if (bytes.length > longest) return refuse('is longer than 64 KiB');
  const value = decodeUtf8(bytes);
  if (value === undefined) return refuse('is not UTF-8 text');
  if (value.trim() === '') return refuse('is empty');
  if (form === 'line' && value.trim() !== value)
    return refuse('begins or ends with a blank or a line break; store it without (with printf rather than echo)');
  return value;
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

export const missingSecret = (secret: SecretFolder, keys: readonly string[]): Error => {
  const { connection, name } = secret;
  return failure('runtime/missing-secret', { connection, name, keys: keys.map((key) => inMessages(secret, key).key) });
};

/** A key of a Secret as its author knows it. */
export const inMessages = ({ connection, name, keys }: SecretFolder, key: string): Readonly<Record<'connection' | 'name' | 'key', string>> => ({
  connection,
  name,
  key: keys[key] ?? key,
});
