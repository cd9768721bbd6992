import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whole or not at all: whoever reads `path` never sees half of it. */
export async function writeAtomically(path: string, content: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  await rm(temporary, { force: true });
  await writeFile(temporary, content, { mode, flag: 'wx' });
  await rename(temporary, path);
}

/**
 * Whether this is a file system's own folder at the root of a volume, which root makes with the volume. Only root can
 * have made it where we are not root; where we are, nothing tells it from a folder of the predictor's.
 */
export const isLostAndFound = (path: string, owner: number): boolean => path === 'lost+found' && owner === 0 && process.getuid?.() !== 0;

/** Leaves an empty folder. The folder itself stays, since it may be mounted elsewhere. */
export async function emptyFolder(path: string, { keep }: { readonly keep?: string } = {}): Promise<void> {
  await mkdir(path, { recursive: true });
  for (const name of await readdir(path)) {
    if (name === keep) continue;
    const entry = join(path, name);
    if (!isLostAndFound(name, (await lstat(entry)).uid)) await rm(entry, { recursive: true, force: true });
  }
}

/** Undefined where there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether the file system says that there is no such file. */
export const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** In the order of their UTF-8 bytes, as `LC_ALL=C sort` has it. */
export function byBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return inBytes(x) - inBytes(y);
  }
  return a.length - b.length;
}

/** UTF-16 has what is beyond 16 bits (surrogates) before its last characters, and UTF-8 behind them. */
const inBytes = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

/** All files below a folder that our own steps filled, relative and sorted. Links and the like are no files. */
export async function listFiles(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  await visit('');
  return found.sort(byBytes);
}

/** In lower-case hexadecimal digits; the file is read piece by piece. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** Of its UTF-8 bytes, in lower-case hexadecimal digits. */
export const sha256OfText = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
